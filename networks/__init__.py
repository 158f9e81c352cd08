"""Where customers write and replies leave: what the desk asks of each network, by its name."""
