"""The instruments: directory, access, records, calendar, procedures. Each imports only those below it."""
