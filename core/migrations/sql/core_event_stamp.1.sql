BEGIN
  NEW.at := desk_now();
  RETURN NEW;
END
