"""Facts of a delivery and of a take-down: which column may change in which state.

What happened is never written anew.

A delivery's facts change only together with its status; once it is posted, void or refused
nothing of it changes. Between two moves the desk plans: when one that is due is tried, when an
uncertain one is looked for. `posting_delivery_facts` fires before `posting_delivery_rule`
(triggers fire by name), which judges the move itself.
"""

from core.guards import Guard, refuse

FACTS = "posting_delivery_facts"
DELIVERY_FACTS = Guard(
    name=FACTS,
    when="BEFORE INSERT OR UPDATE",
    body=f"""
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.tries <> 0 OR num_nonnulls(NEW.x_id, NEW.claimed_at, NEW.leased_until, NEW.uncertain_since, NEW.look_at) > 0 THEN
      {refuse(FACTS, "a delivery begins without facts")} END IF;
    NEW.created_at := desk_now();
    RETURN NEW;
  END IF;
  IF OLD.status IN ('posted', 'void', 'refused') AND NEW IS DISTINCT FROM OLD THEN
    {refuse(FACTS, "it is over, and nothing of it changes")} END IF;
  IF NEW.x_id IS DISTINCT FROM OLD.x_id AND (OLD.x_id IS NOT NULL OR NEW.status <> 'posted') THEN
    {refuse(FACTS, "the post is named once, when it is posted")} END IF;
  IF NEW.status = OLD.status THEN
    IF (NEW.claimed_at, NEW.leased_until, NEW.tries, NEW.code, NEW.said, NEW.uncertain_since, NEW.created_at)
       IS DISTINCT FROM (OLD.claimed_at, OLD.leased_until, OLD.tries, OLD.code, OLD.said, OLD.uncertain_since, OLD.created_at)
       OR (NEW.due_at <> OLD.due_at AND NEW.status <> 'due')
       OR (NEW.look_at IS DISTINCT FROM OLD.look_at AND NEW.status NOT IN ('uncertain', 'for_a_person')) THEN
      {refuse(FACTS, "facts change with a move alone")} END IF;
    RETURN NEW;
  END IF;
  IF NEW.status <> 'in_flight' AND NEW.claimed_at IS DISTINCT FROM OLD.claimed_at THEN
    {refuse(FACTS, "when it was claimed stays as it was")} END IF;
  NEW.tries := OLD.tries + CASE NEW.status WHEN 'in_flight' THEN 1 ELSE 0 END;
  NEW.uncertain_since := CASE NEW.status WHEN 'uncertain' THEN desk_now() ELSE OLD.uncertain_since END;
  RETURN NEW;
END""",
)

TAKE_DOWN_NAME = "posting_takedown_moves"
TAKE_DOWN = Guard(
    name=TAKE_DOWN_NAME,
    when="BEFORE INSERT OR UPDATE OR DELETE",
    definer=True,
    body=f"""
BEGIN
  IF TG_OP = 'DELETE' THEN {refuse(TAKE_DOWN_NAME, "orders are never deleted")} END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'ordered' OR NOT EXISTS (
        SELECT FROM posting_delivery delivery WHERE delivery.id = NEW.delivery_id AND delivery.status = 'posted') THEN
      {refuse(TAKE_DOWN_NAME, "only what is posted is taken down")} END IF;
    NEW.at := desk_now();
    RETURN NEW;
  END IF;
  IF (NEW.delivery_id, NEW.reason, NEW.by_id, NEW.at) IS DISTINCT FROM (OLD.delivery_id, OLD.reason, OLD.by_id, OLD.at) THEN
    {refuse(TAKE_DOWN_NAME, "an order keeps its reply, its reason and its person")} END IF;
  IF NEW.status = OLD.status THEN
    IF OLD.status <> 'ordered' AND NEW IS DISTINCT FROM OLD THEN
      {refuse(TAKE_DOWN_NAME, "facts change with a move alone")} END IF;
    RETURN NEW;
  END IF;
  IF (OLD.status, NEW.status) NOT IN (('ordered', 'done'), ('ordered', 'failed'), ('failed', 'ordered')) THEN
    {refuse(TAKE_DOWN_NAME, "no such move")} END IF;
  RETURN NEW;
END""",
)
