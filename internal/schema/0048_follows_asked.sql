-- When the reader of an address first asked for it themselves; NULL for who agreed in another way, on paper or in the list of another program.
-- since is when they began last. A row with its left_at at since was never followed, only left.
ALTER TABLE follows ADD COLUMN asked_at {int};
-- It gave way to a section of the voice, or to the whole of it: what was left is not the voice.
ALTER TABLE follows ADD COLUMN replaced {bool} NOT NULL DEFAULT FALSE;
-- Of what is there already: whoever confirmed did so in the commit of the row that the ledger has of it, with the instant of asking; and only a
-- reader adds to an address after it was made.
UPDATE follows SET asked_at = since
 WHERE (left_at IS NULL OR left_at > since)
   AND (since > (SELECT s.created_at FROM subscribers s WHERE s.id = follows.subscriber_id)
        OR EXISTS (SELECT 1 FROM subscribers s
                     JOIN contacts k ON k.id = s.contact_id OR k.merged_into = s.contact_id
                     JOIN consents c ON c.contact_id = k.id
                    WHERE s.id = follows.subscriber_id AND c.channel = 'email' AND c.purpose = 'letter' AND c.basis = 'consent'
                      AND c.at = follows.since AND c.entered_at = follows.since AND c.asked_at IS NOT NULL AND c.account_id IS NULL));

-- What they did with letters stands in their timeline: that they subscribed, and that they left.
INSERT INTO timeline (contact_id, voice_id, at, kind, ref_kind, ref, label, observed)
SELECT s.contact_id, f.voice_id, f.asked_at, 'subscribed', CASE WHEN f.section_id = 0 THEN 'voice' ELSE 'section' END,
       CASE WHEN f.section_id = 0 THEN f.voice_id ELSE f.section_id END, '', MAX(CASE WHEN h.verified_at IS NULL THEN 0 ELSE 1 END) = 1
  FROM follows f JOIN subscribers s ON s.id = f.subscriber_id LEFT JOIN handles h ON h.id = s.handle_id
 WHERE f.asked_at IS NOT NULL
 GROUP BY s.contact_id, f.voice_id, f.section_id, f.asked_at;
INSERT INTO timeline (contact_id, voice_id, at, kind, ref_kind, ref, label, observed)
SELECT x.contact_id, x.voice_id, x.at, 'unsubscribed', 'voice', x.voice_id, '', MAX(x.proved) = 1
  FROM (SELECT s.contact_id, f.voice_id, MAX(f.left_at) AS at, MAX(CASE WHEN h.verified_at IS NULL THEN 0 ELSE 1 END) AS proved
          FROM follows f JOIN subscribers s ON s.id = f.subscriber_id LEFT JOIN handles h ON h.id = s.handle_id
         WHERE NOT f.replaced
         GROUP BY s.id, s.contact_id, f.voice_id HAVING COUNT(f.left_at) = COUNT(*)) x
 GROUP BY x.contact_id, x.voice_id, x.at;
-- Whom a section that goes concerns.
CREATE INDEX timeline_section ON timeline (voice_id, ref) WHERE ref_kind = 'section';
