namespace Ipdr.Server.Page;

/// <summary>What all pages have around them.</summary>
internal static class PageFrame
{
    public static Html Wrap(string title, Html content) => Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title}</title>
        <link rel="icon" href="/-/icon.svg">
        <link rel="stylesheet" href="/-/style.css">
        <script src="/-/page.js" defer></script>
        </head>
        <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header><a href="/" class="brand">ipdr</a><span>images that name themselves</span></header>
        <main id="content" tabindex="-1">
        {content}
        </main>
        <p id="told" role="status" aria-live="polite"></p>
        </body>
        </html>

        """);

    /// <summary>A command with a button that copies it.</summary>
    public static Html Command(string label, string command) => Of(
        $"<div class=\"command\"><span>{label}</span><code tabindex=\"0\">{command}</code><button type=\"button\" data-copy=\"{command}\" aria-label=\"Copy the command for {label}\">Copy</button></div>");

    private static Html Of(Html html) => html;
}
