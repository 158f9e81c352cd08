"""Pages come without the depth of their templates, and with every blank that somebody wrote."""

from django.template import Context, Engine


def test_a_page_is_never_further_in_than_two_blanks(tmp_path, settings):
    (tmp_path / "one.html").write_text("<p>\n      {{ words }}\n    <b\n  class=a></b>\n</p>\n")
    engine = Engine(dirs=[tmp_path], loaders=settings.TEMPLATES[0]["OPTIONS"]["loaders"])
    drawn = engine.get_template("one.html").render(Context({"words": "a\n      b"}))
    assert drawn == "<p>\n  a\n      b\n  <b\n  class=a></b>\n</p>\n"
