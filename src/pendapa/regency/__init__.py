"""A regency as a folder of files: read it, check it, report every fault by cell. See docs/folder.md."""

from pendapa.regency.definition import ServiceDefinition
from pendapa.regency.faults import Fault, Report
from pendapa.regency.letters import LETTER_FIELDS, answer_names
from pendapa.regency.reader import check, read_regency
from pendapa.regency.records import (
    Agency,
    District,
    Holiday,
    InformationService,
    LifeEvent,
    NumberClass,
    OfficeHours,
    Person,
    Position,
    Regency,
    RegencyFacts,
    Village,
    resolve_day,
)
from pendapa.regency.service import Service
from pendapa.regency.writing import regency_files, service_files

__all__ = [
    "LETTER_FIELDS",
    "Agency",
    "District",
    "Fault",
    "Holiday",
    "InformationService",
    "LifeEvent",
    "NumberClass",
    "OfficeHours",
    "Person",
    "Position",
    "Regency",
    "RegencyFacts",
    "Report",
    "Service",
    "ServiceDefinition",
    "Village",
    "answer_names",
    "check",
    "read_regency",
    "regency_files",
    "resolve_day",
    "service_files",
]
