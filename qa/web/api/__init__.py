"""What other programs call: REST, an OpenAI-compatible endpoint, MCP and gradio_client, over the same few calls."""
