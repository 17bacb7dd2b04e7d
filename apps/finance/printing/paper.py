"""From a template to a PDF: the kernel's, under the name that finance's prints know."""

from kernel.paper import pdf, pdf_response

__all__ = ["pdf", "pdf_response"]
