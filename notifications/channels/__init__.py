"""Ways to reach a person. A channel is a folder: a transport, and how to configure it."""
