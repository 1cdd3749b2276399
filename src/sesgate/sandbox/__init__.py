"""An embedded AWS account and its DNS, on loopback, for demo, tests and measurements. Needs `sesgate[demo]`."""
