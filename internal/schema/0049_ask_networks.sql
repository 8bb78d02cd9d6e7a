-- From where a wish came that was one too many: a network of many (a /24, a /48), and of the others nothing. It goes with its row, after seven days.
ALTER TABLE subscription_asks ADD COLUMN network {text} NOT NULL DEFAULT '';
