"""The database keeps the search text and the words. Its first line is the plain name, which ranking reads.

`refresh_search_text()` fills what was copied in without triggers, and answers how many articles it filled.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION plain_text(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT lower(unaccent('unaccent', $1)) $$;

CREATE FUNCTION article_search_text(article inventory_article) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT plain_text(' ' || article.name || E'\\n ' || concat_ws(
        ' ', article.number, article.synonyms, E'\\n', article.gtin, article.supplier_number,
        (SELECT number || ' ' || name FROM parties_party WHERE id = article.supplier_id), article.iso_code,
        (SELECT string_agg(title, ' ' ORDER BY code) FROM inventory_isogroup
            WHERE code IN (left(article.iso_code, 2), left(article.iso_code, 4), article.iso_code))
    ))
$$;

CREATE FUNCTION keep_search_words(texts text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO inventory_searchword (word, stem)
    SELECT word, left(coalesce((ts_lexize('swedish_stem', word))[1], word), 60)
    FROM (SELECT DISTINCT regexp_split_to_table(texts, '[^[:alnum:]]+') AS word) AS words
    WHERE word !~ '[0-9]' AND length(word) BETWEEN 3 AND 60
        AND NOT EXISTS (SELECT 1 FROM inventory_searchword AS known WHERE known.word = words.word)
    ORDER BY word
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION article_keeps_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_text := article_search_text(NEW);
    PERFORM keep_search_words(NEW.search_text);
    RETURN NEW;
END $$;

CREATE TRIGGER article_search_text
    BEFORE INSERT OR UPDATE OF number, name, synonyms, supplier_id, supplier_number, gtin, iso_code, search_text
    ON inventory_article FOR EACH ROW EXECUTE FUNCTION article_keeps_search_text();

CREATE FUNCTION supplier_keeps_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE inventory_article SET search_text = '' WHERE supplier_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER supplier_search_text AFTER UPDATE ON parties_party
    FOR EACH ROW WHEN ((OLD.number, OLD.name) IS DISTINCT FROM (NEW.number, NEW.name))
    EXECUTE FUNCTION supplier_keeps_search_text();

CREATE FUNCTION iso_group_keeps_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE inventory_article SET search_text = '' WHERE starts_with(iso_code, coalesce(NEW.code, OLD.code));
    RETURN NULL;
END $$;

CREATE TRIGGER iso_group_search_text AFTER INSERT OR UPDATE OR DELETE ON inventory_isogroup
    FOR EACH ROW EXECUTE FUNCTION iso_group_keeps_search_text();

CREATE FUNCTION refresh_search_text() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    filled bigint;
BEGIN
    UPDATE inventory_article SET search_text = '' WHERE search_text = '';
    GET DIAGNOSTICS filled = ROW_COUNT;
    RETURN filled;
END $$;

DROP TRIGGER change_history ON inventory_article;
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON inventory_article
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('inventory_article', 'id', 'search_text', '');
"""

BACKWARD = """
DROP TRIGGER change_history ON inventory_article;
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON inventory_article
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('inventory_article', 'id', '', '');
DROP TRIGGER iso_group_search_text ON inventory_isogroup;
DROP TRIGGER supplier_search_text ON parties_party;
DROP TRIGGER article_search_text ON inventory_article;
DROP FUNCTION refresh_search_text, iso_group_keeps_search_text, supplier_keeps_search_text, article_keeps_search_text,
    keep_search_words, article_search_text, plain_text;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0010_search_text")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
