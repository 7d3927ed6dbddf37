"""Records of a campaign that is made up: how cities, shoppers and respondents answer."""
