"""The words of the command line, each thin around the function of the same name."""
