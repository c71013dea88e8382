using System.Reflection;

namespace Ipdr.Server.Page;

/// <summary>What all pages have around them, and the parts that several have.</summary>
internal static class PageFrame
{
    private static readonly string Version = typeof(PageFrame).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

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
        <header><a href="/" class="brand"><img src="/-/icon.svg" alt="" width="24" height="24">ipdr</a><span>images that name themselves</span></header>
        <main id="content" tabindex="-1">
        {content}
        </main>
        <footer>ipdr {Version}<span>registry at <code>/v2/</code></span><span>IPFS gateway at <code>/ipfs/</code></span><span>names and CIDs at <code>/dig</code></span></footer>
        <p id="told" role="status" aria-live="polite"></p>
        </body>
        </html>

        """);

    /// <summary>A command with a button that copies it.</summary>
    public static Html Command(string label, string command) => Of(
        $"<div class=\"command\"><span>{label}</span><code>{command}</code>{Copy(command, $"the command for {label}")}</div>");

    /// <summary>A command in which something is still to be filled in.</summary>
    public static Html Example(string label, string command) => Of($"<div class=\"command\"><span>{label}</span><code>{command}</code></div>");

    /// <summary>A name with a button that copies it.</summary>
    public static Html Name(string label, string name) => Of($"<dt>{label}<dd class=\"name\"><code>{name}</code>{Copy(name, $"the {label}")}</dd>");

    private static Html Copy(string text, string what) => Of($"<button type=\"button\" data-copy=\"{text}\" aria-label=\"Copy {what}\">Copy</button>");

    private static Html Of(Html html) => html;
}
