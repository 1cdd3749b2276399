import { API } from "./config";

/** The API sends the mail: it knows the recipient, and the client does not. */
export async function sendInvoice(id: string, token: string): Promise<void> {
  const answer = await fetch(`${API}/v1/invoices/${id}/send`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Error(`the invoice was not sent: ${answer.status}`);
}
