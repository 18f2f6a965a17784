"""The only room that knows every department: settings, addresses, servers, the command line."""
