-- A phone number is one however it is written: those of the country of the house are kept with its prefix, as they are read from now on.
-- Where both spellings are there already, two people may have them: they stay two.
UPDATE handles
   SET key = (SELECT CASE country WHEN 'FR' THEN '+33' WHEN 'BE' THEN '+32' ELSE '+41' END FROM house) || SUBSTR(key, 2)
 WHERE channel = 'phone' AND key LIKE '0%' AND LENGTH(key) IN (9, 10)
   AND EXISTS (SELECT 1 FROM house WHERE country IN ('FR', 'BE', 'CH'))
   AND NOT EXISTS (
	SELECT 1 FROM handles h
	 WHERE h.channel = 'phone'
	   AND h.key = (SELECT CASE country WHEN 'FR' THEN '+33' WHEN 'BE' THEN '+32' ELSE '+41' END FROM house) || SUBSTR(handles.key, 2));
UPDATE handles
   SET key = '+1' || SUBSTR(key, LENGTH(key) - 9)
 WHERE channel = 'phone' AND (LENGTH(key) = 10 OR LENGTH(key) = 11 AND key LIKE '1%') AND key NOT LIKE '+%'
   AND EXISTS (SELECT 1 FROM house WHERE country = 'CA')
   AND NOT EXISTS (SELECT 1 FROM handles h WHERE h.channel = 'phone' AND h.key = '+1' || SUBSTR(handles.key, LENGTH(handles.key) - 9))
   AND NOT EXISTS (SELECT 1 FROM handles h WHERE h.channel = 'phone' AND h.id < handles.id AND h.key = CASE LENGTH(handles.key) WHEN 10 THEN '1' || handles.key ELSE SUBSTR(handles.key, 2) END);
