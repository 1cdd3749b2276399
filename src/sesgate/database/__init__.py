"""The application's database on Amazon RDS: what RDS tells of it, who may log in and how, and the secret behind it."""
