"""One answer, several renderings: text, Markdown, JSON, CSV and iCalendar, all from the same object."""
