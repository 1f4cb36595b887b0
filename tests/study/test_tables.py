"""CSV as people save it."""

from __future__ import annotations

import numpy as np
import pytest

from pendapa.study.refusal import StudyRefused
from pendapa.study.tables import read_table

ROWS = [[1.0, 2.5], [np.nan, 3.0]]


@pytest.mark.parametrize(
    "source",
    [
        b"A,B\n1,2.5\n,3\n",
        b"\xef\xbb\xbfA,B\r\n1,2.5\r\nNA,3\r\n",
        b"A;B\n1;2,5\n;3\n",
        b"A\tB\n1\t2,5\nNA\t3,0\n",
        b'A,B\n1,"2,5"\n,3\n',
        b"\n A , B \n\n 1 , 2.5 \n\n , 3 \n\n",
        b"A;B;\n1;2,5;\n;3;\n",
        "A;B\n1;2,5\nNA;3\n".encode("utf-16"),
        b"A,B\r1,2.5\r,3\r",
        b'"A";"B"\n"1";"2,5"\n"";"3"\n',
    ],
)
def test_the_same_table_however_it_is_saved(source: bytes) -> None:
    table = read_table(source, "t.csv")
    assert np.array_equal(table.numbers([table.index("A"), table.index("B")]), ROWS, equal_nan=True)


@pytest.mark.parametrize(
    "text", ["x", "1 000", "1_000", "nan", "NaN", "inf", "1e999", "0x10", "=1+1", "١", "1.2.3", "#N/A", "-"]
)
def test_what_is_no_number_is_refused_with_its_place(text: str) -> None:
    table = read_table(f"A,B\n1,2\n3,{text}\n".encode(), "t.csv")
    with pytest.raises(StudyRefused, match=r"^t\.csv: row 3, column B: .* is not a number; "):
        table.numbers([0, 1])


def test_rows_are_lines_of_the_file() -> None:
    table = read_table(b'A,B\n"a\nb",2\n\n1,x\n', "t.csv")
    assert table.lines == (2, 5)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"", "t.csv: the file is empty"),
        (b" \n\n", "t.csv: the file is empty"),
        (b",,\n,,\n", "t.csv: no cell of the file holds anything"),
        (b"A,B\n1,2\n1\n1,2,3\n", "t.csv: row 3: the row has 1 cells, the head has 2"),
        (b"A,B\n1,2\n1,2,3\n", "t.csv: row 3: the row has 3 cells, the head has 2"),
        (b"A,B\n1,2\n\xff\xfe,3\n", "t.csv: row 3: the text is not UTF-8"),
        (b"PK\x03\x04\xff\x00", "t.csv: row 1: the text is not UTF-8"),
        (b"A,B\n" + b"1" * 200_000 + b",2\n", "t.csv: row 2: this is not CSV"),
    ],
)
def test_files_that_are_no_tables_are_refused(source: bytes, said: str) -> None:
    with pytest.raises(StudyRefused) as refused:
        read_table(source, "t.csv")
    assert str(refused.value).startswith(said)


def test_a_head_that_stands_twice_is_refused_only_when_asked_for() -> None:
    table = read_table(b"A,B,A\n1,2,3\n", "t.csv")
    assert table.index("B") == 1
    with pytest.raises(StudyRefused, match="column A: the head stands 2 times, in columns 1 and 3"):
        table.index("A")


def test_of_very_many_faults_the_first_and_their_number() -> None:
    table = read_table(b"A\n" + b"x\n" * 1_000, "t.csv")
    with pytest.raises(StudyRefused) as refused:
        table.numbers([0])
    assert len(refused.value.faults) == 101
    assert "900 more cells" in refused.value.faults[-1].wrong


def test_a_near_miss_of_a_head_is_proposed() -> None:
    with pytest.raises(StudyRefused, match="did you mean 'Kualitas1'"):
        read_table(b"Kualitas1,B\n1,2\n", "t.csv").index("Kualitas_1")
