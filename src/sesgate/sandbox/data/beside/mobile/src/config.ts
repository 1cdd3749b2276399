export const API = "https://api.yourdomain.com";
