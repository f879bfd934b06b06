"""The pages in a real Chromium, from a real server on the release that the seeds make."""
