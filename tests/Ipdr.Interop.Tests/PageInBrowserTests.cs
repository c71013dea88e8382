using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>The page as Chromium has it: its script runs under its own policy, and nothing is refused.</summary>
public sealed class PageInBrowserTests
{
    [Fact]
    public async Task The_page_and_an_image_of_it_load_without_a_complaint()
    {
        ExternalProgram chromium = ExternalProgram.Require("chromium"), skopeo = ExternalProgram.Require("skopeo");
        using TemporaryFolder folder = new();
        await using IpdrServer server = await IpdrServer.StartAsync(folder["home"]);
        await IpdrProgram.ConvertAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, folder["layout"]);
        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false", "oci:" + folder["layout"], $"docker://{server.Host}/team/app:1.0")).OrFail();
        string[] quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", $"--user-data-dir={folder["profile"]}", "--virtual-time-budget=3000"];

        ProgramResult overview = (await chromium.RunAsync([.. quiet, "--dump-dom", $"{server.Address}"])).OrFail();
        Assert.Contains("team/app", overview.Text, StringComparison.Ordinal);
        Assert.Contains("<svg class=\"plot\"", overview.Text, StringComparison.Ordinal);
        Complains(overview);
        ProgramResult image = (await chromium.RunAsync([.. quiet, "--dump-dom", $"{server.Address}-/image?name=team/app&tag=1.0"])).OrFail();
        Assert.Contains($"docker pull {server.Host}/team/app:1.0", image.Text, StringComparison.Ordinal);
        Complains(image);
        (await chromium.RunAsync([.. quiet, $"--screenshot={folder["page.png"]}", "--window-size=1280,900", $"{server.Address}"])).OrFail();
        Assert.True(new FileInfo(folder["page.png"]).Length > 10_000);

        static void Complains(ProgramResult result) => Assert.DoesNotContain("CONSOLE", result.Errors, StringComparison.Ordinal);
    }
}
