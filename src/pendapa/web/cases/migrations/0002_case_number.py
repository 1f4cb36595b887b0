"""The running part of case numbers: a sequence, since a counter row would queue every submission behind one lock."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE case_number MINVALUE 1", "DROP SEQUENCE case_number"),
    ]
