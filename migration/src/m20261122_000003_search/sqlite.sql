-- SQLite's index of trigrams is a table of its own. This is done for each $table.

-- A row for each of the table's, with a number that stays: SQLite may renumber rows whose key is not a number of its own.
CREATE TABLE $table_search_entry (
    number integer NOT NULL PRIMARY KEY,
    row_id blob NOT NULL UNIQUE,
    search_key text NOT NULL
) STRICT;

-- LIKE asks only which rows have all trigrams of a text, and looks into those: where in them, and how long they are, is not kept.
CREATE VIRTUAL TABLE $table_search USING fts5 (
    row_id UNINDEXED,
    search_key,
    content = '$table_search_entry',
    content_rowid = 'number',
    tokenize = 'trigram',
    detail = none,
    columnsize = 0
);

CREATE TRIGGER $table_search_entry_insert AFTER INSERT ON $table_search_entry BEGIN
    INSERT INTO $table_search (rowid, row_id, search_key) VALUES (NEW.number, NEW.row_id, NEW.search_key);
END;
CREATE TRIGGER $table_search_entry_update AFTER UPDATE ON $table_search_entry BEGIN
    INSERT INTO $table_search ($table_search, rowid, row_id, search_key)
    VALUES ('delete', OLD.number, OLD.row_id, OLD.search_key);
    INSERT INTO $table_search (rowid, row_id, search_key) VALUES (NEW.number, NEW.row_id, NEW.search_key);
END;
CREATE TRIGGER $table_search_entry_delete AFTER DELETE ON $table_search_entry BEGIN
    INSERT INTO $table_search ($table_search, rowid, row_id, search_key)
    VALUES ('delete', OLD.number, OLD.row_id, OLD.search_key);
END;

CREATE TRIGGER $table_search_insert AFTER INSERT ON "$table" BEGIN
    INSERT INTO $table_search_entry (row_id, search_key) VALUES (NEW.id, NEW.search_key);
END;
-- An update sets all columns, whichever of them changes.
CREATE TRIGGER $table_search_update AFTER UPDATE OF id, search_key ON "$table"
WHEN NEW.id <> OLD.id OR NEW.search_key <> OLD.search_key BEGIN
    UPDATE $table_search_entry SET row_id = NEW.id, search_key = NEW.search_key WHERE row_id = OLD.id;
END;
CREATE TRIGGER $table_search_delete AFTER DELETE ON "$table" BEGIN
    DELETE FROM $table_search_entry WHERE row_id = OLD.id;
END;

INSERT INTO $table_search_entry (row_id, search_key) SELECT id, search_key FROM "$table";
