-- What is written once, and where a version may stand.

CREATE FUNCTION exchange.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'rows of exchange.% are written once', TG_TABLE_NAME USING ERRCODE = 'QX000';
END
$$;

CREATE TRIGGER doc_version_written_once BEFORE UPDATE OR DELETE ON exchange.doc_version
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse_change();
CREATE TRIGGER doc_version_never_emptied BEFORE TRUNCATE ON exchange.doc_version
    FOR EACH STATEMENT EXECUTE FUNCTION exchange.refuse_change();
CREATE TRIGGER receipt_written_once BEFORE UPDATE OR DELETE ON exchange.receipt
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse_change();
CREATE TRIGGER receipt_never_emptied BEFORE TRUNCATE ON exchange.receipt
    FOR EACH STATEMENT EXECUTE FUNCTION exchange.refuse_change();
CREATE TRIGGER access_written_once BEFORE UPDATE OR DELETE ON exchange.access
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse_change();
CREATE TRIGGER access_never_emptied BEFORE TRUNCATE ON exchange.access
    FOR EACH STATEMENT EXECUTE FUNCTION exchange.refuse_change();
CREATE TRIGGER consent_written_once BEFORE UPDATE OR DELETE ON exchange.consent
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse_change();
CREATE TRIGGER consent_never_emptied BEFORE TRUNCATE ON exchange.consent
    FOR EACH STATEMENT EXECUTE FUNCTION exchange.refuse_change();
CREATE TRIGGER party_key_written_once BEFORE UPDATE OR DELETE ON exchange.party_key
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse_change();
CREATE TRIGGER package_code_written_once BEFORE UPDATE OR DELETE ON exchange.package_code
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse_change();

-- The link row is locked: a link that is being suspended lets nothing through after its own commit.
CREATE FUNCTION exchange.place_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    bond exchange.link;
BEGIN
    SELECT * INTO bond FROM exchange.link WHERE id = NEW.link FOR SHARE;
    IF NOT FOUND OR NOT ((NEW.sender = bond.buyer AND NEW.recipient = bond.seller)
                      OR (NEW.sender = bond.seller AND NEW.recipient = bond.buyer)) THEN
        RAISE EXCEPTION 'the ends are not those of the link' USING ERRCODE = 'QX001';
    END IF;
    IF NEW.kind = 'link_event' THEN
        IF NEW.chain <> bond.id OR NEW.seq <> bond.events OR NEW.sender <> bond.changed_by THEN
            RAISE EXCEPTION 'no change of the link stands behind this' USING ERRCODE = 'QX001';
        END IF;
    ELSIF NEW.chain = bond.id THEN
        RAISE EXCEPTION 'the chain of the link holds events only' USING ERRCODE = 'QX001';
    ELSIF bond.state <> 'active' THEN
        RAISE EXCEPTION 'the link is not active' USING ERRCODE = 'QX002';
    END IF;
    IF NEW.seq > 1 AND NOT exists(
        SELECT 1 FROM exchange.doc_version
        WHERE link = NEW.link AND chain = NEW.chain AND seq = NEW.seq - 1 AND body_hash = NEW.prev_hash
          AND about IS NOT DISTINCT FROM NEW.about) THEN
        RAISE EXCEPTION 'the version before is another one' USING ERRCODE = 'QX003';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER doc_version_in_place BEFORE INSERT ON exchange.doc_version
    FOR EACH ROW EXECUTE FUNCTION exchange.place_version();

-- Every change of a link from acceptance on is told in its chain, in the same transaction.
CREATE FUNCTION exchange.prove_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT exists(SELECT 1 FROM exchange.doc_version
                  WHERE link = NEW.id AND chain = NEW.id AND seq = NEW.events) THEN
        RAISE EXCEPTION 'a change of the link was not told' USING ERRCODE = 'QX004';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER link_change_told AFTER UPDATE ON exchange.link
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.events > OLD.events)
    EXECUTE FUNCTION exchange.prove_told();
