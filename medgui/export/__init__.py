"""The cleaned record as a file for others: FHIR R4 or a table, with or without what identifies the patient.

    export.write.write_export(record, path, form="fhir", identified=True)

Nothing is exported as certain that the record holds as doubtful: an open question, an entry about someone else
or a result that is not final leaves with that status. Only the standard library is used.
"""
