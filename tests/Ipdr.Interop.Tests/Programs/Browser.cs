using System.Text.Json;

namespace Ipdr.Interop.Tests.Programs;

/// <summary>A headless Chromium that is used as people use one: looked at, and operated by keys.</summary>
internal sealed class Browser(NodeScript script) : IAsyncDisposable
{
    /// <summary>Starts one; without Chromium, Node.js, npm or a registry the running test is skipped.</summary>
    public static async Task<Browser> StartAsync() => new(await NodeScript.StartAsync("Browser", "browser.mjs", ExternalProgram.Require("chromium").Path));

    /// <summary>Opens an address in a fresh profile, and gives the status of the answer.</summary>
    /// <param name="address">The address.</param>
    /// <param name="dark">Does the user prefer dark pages?</param>
    /// <param name="width">Width of the window in CSS pixels.</param>
    /// <param name="script">Are scripts allowed?</param>
    public async Task<int> OpenAsync(Uri address, bool dark = false, int width = 1280, bool script = true) =>
        (await AskAsync(new { @do = "open", url = address.ToString(), scheme = dark ? "dark" : "light", width, script })).GetProperty("status").GetInt32();

    /// <summary>Presses keys one after the other.</summary>
    public Task PressAsync(params string[] keys) => AskAsync(new { @do = "press", keys });

    /// <summary>Presses a key that leads to another page, and waits for that.</summary>
    public Task FollowAsync(string key) => AskAsync(new { @do = "follow", key });

    /// <summary>The value of a JavaScript expression in the page.</summary>
    public async Task<JsonElement> EvaluateAsync(string code) => (await AskAsync(new { @do = "evaluate", code })).GetProperty("value");

    /// <summary>The text on the clipboard.</summary>
    public async Task<string> ReadClipboardAsync() => (await AskAsync(new { @do = "clipboard" })).GetProperty("value").GetString()!;

    /// <summary>Everything that the page logged, threw, was refused or did not get since it was opened.</summary>
    public async Task<string[]> ComplaintsAsync() => [.. (await AskAsync(new { @do = "complaints" })).GetProperty("value").EnumerateArray().Select(text => text.GetString()!)];

    public ValueTask DisposeAsync() => script.DisposeAsync();

    private Task<JsonElement> AskAsync(object request) => script.AskAsync(request);
}
