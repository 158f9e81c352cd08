BEGIN
  RETURN jsonb_build_array(
    link, to_char(linked AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), event.id, event.name,
    to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), event.by_id,
    event.channel, event.topic_kind, event.topic_id, event.subject_kind, event.subject_id,
    event.department_id, event.data
  )::text;
END
