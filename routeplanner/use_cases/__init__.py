"""What a caller may ask of the service: one function a request, inside the caller's transaction."""
