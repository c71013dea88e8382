using System.Text.Json;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>The page as people have it: in Chromium, by keyboard, in the dark, on a telephone, and without scripts.</summary>
/// <param name="images">The server.</param>
public sealed class PageInBrowserTests(PageInBrowserTests.Images images) : IClassFixture<PageInBrowserTests.Images>, IAsyncLifetime
{
    // WCAG 2.2, success criteria 1.4.3 and 1.4.11.
    private const double LeastTextContrast = 4.5, LeastGraphicsContrast = 3;

    // Contrast ratios of all text that is shown, and of the parts of plots, each against what is behind it.
    private const string Contrasts = """
        (() => {
          const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
          const rgba = colour => { context.clearRect(0, 0, 1, 1); context.fillStyle = colour; context.fillRect(0, 0, 1, 1); return context.getImageData(0, 0, 1, 1).data; };
          const luminance = colour => [...rgba(colour)].slice(0, 3).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = element => { for (let e = element; e; e = e.parentElement) { const colour = getComputedStyle(e).backgroundColor; if (rgba(colour)[3] === 255) return colour; } return "white"; };
          const ratio = (a, b) => { const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x); return (high + 0.05) / (low + 0.05); };
          const shown = [...document.body.querySelectorAll("*")].filter(e => e.checkVisibility());
          return {
            text: shown.filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !e.closest("svg")).map(e => [e.textContent.trim().slice(0, 40), ratio(getComputedStyle(e).color, behind(e))]),
            plots: shown.filter(e => e.matches("main rect")).map(e => [e.textContent.slice(0, 40), ratio(getComputedStyle(e).fill, behind(e))]),
            background: getComputedStyle(document.body).backgroundColor,
          };
        })()
        """;

    private Browser? _opened;

    public static TheoryData<string> Paths => ["", ImagePath, "-/image?name=nothing&tag=1"];

    private const string ImagePath = "-/image?name=x/y&tag=z";

    private Browser Tab => _opened!;

    private IpdrServer Server => images.Server;

    public async ValueTask InitializeAsync() => _opened = await Browser.StartAsync();

    public ValueTask DisposeAsync() => _opened?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task The_keyboard_alone_leads_from_the_list_to_an_image_and_to_its_command()
    {
        await OpenAsync("");
        await Tab.PressAsync("Tab");
        Assert.True(await IsAsync("document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().left >= 0"), "the first key shows the way past the head of the page");
        await TabToAsync("tbody a[href*='tag=z']");
        Assert.True(await IsAsync("getComputedStyle(document.activeElement).outlineStyle !== 'none' && parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"), "focus is seen");
        await Tab.FollowAsync("Enter");
        Assert.Equal("/-/image?name=x%2Fy&tag=z", (await Tab.EvaluateAsync("location.pathname + location.search")).GetString());
        string command = $"docker pull {Server.Host}/x/y:z";
        await TabToAsync($"[data-copy='{command}']");
        await Tab.PressAsync("Enter");
        Assert.True(await IsAsync("new Promise(done => { const look = () => document.getElementById('told').textContent === 'Copied' ? done(true) : setTimeout(look, 20); look(); setTimeout(() => done(false), 2000); })"));
        Assert.Equal(command, await Tab.ReadClipboardAsync());
        Assert.Empty(await Tab.ComplaintsAsync());
    }

    [Fact]
    public async Task A_slash_leads_to_the_filter_and_it_leaves_what_has_all_words()
    {
        const string Shown = "[...document.querySelectorAll('.repository')].filter(e => e.checkVisibility()).map(e => e.querySelector('h2').textContent).join()";
        await OpenAsync("");
        await Tab.PressAsync("/", "a", "m", "d", "6", "4", "Space", "d", "u", "p");
        Assert.Equal("fixture/dup", (await Tab.EvaluateAsync(Shown)).GetString());
        await Tab.PressAsync("Escape");
        Assert.Equal("fixture/dup,fixture/one,x/y", (await Tab.EvaluateAsync(Shown)).GetString());
        Assert.Empty(await Tab.ComplaintsAsync());
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task It_is_readable_by_day_and_by_night(string path)
    {
        List<string> backgrounds = [];
        foreach (bool dark in (bool[])[false, true])
        {
            await Tab.OpenAsync(new Uri(Server.Address, path), dark);
            JsonElement found = await Tab.EvaluateAsync(Contrasts);
            backgrounds.Add(found.GetProperty("background").GetString()!);
            JsonElement[] texts = [.. found.GetProperty("text").EnumerateArray()];
            Assert.NotEmpty(texts);
            Assert.All(texts, text => Assert.True(text[1].GetDouble() >= LeastTextContrast, $"{text}, dark: {dark}"));
            JsonElement[] plots = [.. found.GetProperty("plots").EnumerateArray()];
            Assert.Equal(path.StartsWith("-/image?name=nothing", StringComparison.Ordinal), plots.Length == 0);
            Assert.All(plots, part => Assert.True(part[1].GetDouble() >= LeastGraphicsContrast, $"{part}, dark: {dark}"));
        }
        Assert.NotEqual(backgrounds[0], backgrounds[1]);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Nothing_is_wider_than_a_telephone(string path)
    {
        await Tab.OpenAsync(new Uri(Server.Address, path), width: 360);
        Assert.Equal(360, (await Tab.EvaluateAsync("document.documentElement.scrollWidth")).GetInt32());
        string wide = (await Tab.EvaluateAsync("[...document.querySelectorAll('main *')].filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 80)).join('\\n')")).GetString()!;
        Assert.Equal("", wide);
    }

    [Theory]
    [InlineData("")]
    [InlineData(ImagePath)]
    public async Task Its_policy_refuses_it_nothing_and_no_digest_overflows(string path)
    {
        await OpenAsync(path);
        Assert.Empty(await Tab.ComplaintsAsync());
        Assert.True(await IsAsync("[...document.querySelectorAll('code')].every(e => e.scrollWidth <= e.parentElement.clientWidth)"));
        // A style, a handler or a script that got into the page would be refused.
        await Tab.EvaluateAsync("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')");
        Assert.Contains(await Tab.ComplaintsAsync(), complaint => complaint.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_scripts_it_can_be_read_and_offers_nothing_that_needs_them()
    {
        foreach (string path in (string[])["", ImagePath])
        {
            Assert.Equal(200, await Tab.OpenAsync(new Uri(Server.Address, path), script: false));
            Assert.True(await IsAsync("document.querySelector('main').innerText.includes('linux/amd64') && document.querySelector('main').innerText.includes('✓ complete')"));
            Assert.True(await IsAsync("[...document.querySelectorAll('button, input')].every(e => !e.checkVisibility())"));
        }
        Assert.Contains($"docker pull {Server.Host}/x/y:z", (await Tab.EvaluateAsync("document.querySelector('main').innerText")).GetString(), StringComparison.Ordinal);
    }

    private async Task OpenAsync(string path) => Assert.Equal(200, await Tab.OpenAsync(new Uri(Server.Address, path)));

    private async Task<bool> IsAsync(string condition) => (await Tab.EvaluateAsync(condition)).GetBoolean();

    private async Task TabToAsync(string selector)
    {
        for (int tabs = 0; tabs < 40; tabs++)
        {
            if (await IsAsync($"document.activeElement.matches(\"{selector}\")"))
                return;
            await Tab.PressAsync("Tab");
        }
        Assert.Fail($"no key led to {selector}");
    }

    /// <summary>A server with a few images.</summary>
    public sealed class Images : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal IpdrServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await IpdrServer.StartAsync(_folder["home"]);
            foreach (string image in (string[])["docker2010-one.tar", "docker28-dup.tar", "buildx-oci-attest.tar"])
                (await IpdrServer.Over(_folder["home"]).RunAsync("push", FixtureCatalogue.Named(image).Path, "-s")).OrFail();
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            _folder.Dispose();
        }
    }
}
