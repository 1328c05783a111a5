-- The newsletter by e-mail: who wants it, and what is on its way.

-- Only whoever subscribes themselves gets it. `refused_at`: the mail server has refused the address for good; nothing more
-- is sent to it until its person subscribes anew.
CREATE TABLE newsletter_subscription (
    account    BLOB PRIMARY KEY REFERENCES account (id),
    language   TEXT NOT NULL,
    at         BIGINT NOT NULL,
    refused_at BIGINT
);

-- The queue. A row is written with the release, and leaves the state `waiting` once the mail server has taken the mail or
-- refused it for good. `message` names the mail, the same at every attempt, so that a second one can be known for what it is.
CREATE TABLE newsletter_delivery (
    issue    BLOB NOT NULL REFERENCES newsletter_issue (id),
    account  BLOB NOT NULL REFERENCES account (id),
    message  BLOB NOT NULL UNIQUE,
    language TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'refused', 'given_up', 'left')),
    attempts BIGINT NOT NULL,
    due_at   BIGINT NOT NULL,
    done_at  BIGINT,
    PRIMARY KEY (issue, account)
);
CREATE INDEX newsletter_delivery_due ON newsletter_delivery (due_at) WHERE state = 'waiting';

-- The ways out that stand in mails, as SHA-256 only: whoever has one ends the subscription of its account and can do nothing
-- else with it.
CREATE TABLE newsletter_way_out (
    token_hash BLOB PRIMARY KEY,
    account    BLOB NOT NULL REFERENCES account (id),
    at         BIGINT NOT NULL
);

-- Released issues in print, made when somebody first asks for one.
CREATE TABLE newsletter_print (
    issue    BLOB NOT NULL REFERENCES newsletter_issue (id),
    language TEXT NOT NULL,
    pdf      BLOB NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (issue, language)
);
