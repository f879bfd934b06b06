"""The endpoint, over HTTP, on a real server."""
