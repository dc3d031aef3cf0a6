"""What a caller sends, judged: each check sees one call and what is known about its sender."""
