// What both floors store: one row for each record, changed in place. No history, no versions of records.

export class Records {
  constructor(sql) {
    this.sql = sql;
    this.version = 0;
    this.rowsWritten = 0;
    this.run("CREATE TABLE IF NOT EXISTS records (id TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID");
  }

  run(statement, ...values) {
    const cursor = this.sql.exec(statement, ...values);
    const rows = cursor.toArray();
    this.rowsWritten += cursor.rowsWritten;
    return rows;
  }

  load(records) {
    for (const [id, record] of Object.entries(records)) {
      this.run("INSERT OR REPLACE INTO records VALUES (?, ?)", id, JSON.stringify(record));
    }
  }

  // Stores an edit `{record: {field: value}}` and returns its number.
  edit(edit) {
    for (const [id, fields] of Object.entries(edit)) {
      for (const [field, value] of Object.entries(fields)) {
        const set = "UPDATE records SET value = json_set(value, '$.' || ?, ?) WHERE id = ?";
        this.run(set, field, value, id);
      }
    }
    return ++this.version;
  }
}
