using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Peers;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests;

/// <summary>umoci reads and unpacks the layouts.</summary>
public sealed class UmociTests(ConvertedFixtures fixtures)
{
    [Theory]
    [ClassData(typeof(GoodFixtures))]
    public async Task Umoci_lists_the_reference_names(string fixture)
    {
        ExternalProgram umoci = ExternalProgram.Require("umoci");
        OciLayoutFolder layout = await fixtures.LayoutAsync(fixture);
        ProgramResult listed = (await umoci.RunAsync("ls", "--layout", layout.Path)).OrFail();
        Assert.Equal(
            layout.Roots.Select(root => root.RefName).OfType<string>().Distinct().Order(StringComparer.Ordinal),
            listed.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [ClassData(typeof(GoodFixtures))]
    public async Task Umoci_tells_the_history_of_every_image(string fixture)
    {
        ExternalProgram umoci = ExternalProgram.Require("umoci");
        OciLayoutFolder layout = await fixtures.LayoutAsync(fixture);
        PeerJudgement judgement = new(Peer.UmociStat);
        foreach (LayoutNode image in layout.Images)
        {
            using LayoutView view = new(layout, image);
            judgement.Accepted(await umoci.RunAsync("stat", "--json", "--image", view.Reference), image.Traits());
        }
        judgement.Conclude();
    }

    [Theory]
    [ClassData(typeof(GoodFixtures))]
    public async Task Umoci_unpacks_every_image(string fixture)
    {
        ExternalProgram umoci = ExternalProgram.Require("umoci");
        OciLayoutFolder layout = await fixtures.LayoutAsync(fixture);
        PeerJudgement judgement = new(Peer.UmociUnpack);
        foreach (LayoutNode image in layout.Images)
        {
            using LayoutView view = new(layout, image);
            using TemporaryFolder bundle = new();
            string[] rootless = Environment.IsPrivilegedProcess ? [] : ["--rootless"];
            ProgramResult unpacked = await umoci.RunAsync(["unpack", .. rootless, "--image", view.Reference, bundle["image"]]);
            if (judgement.Accepted(unpacked, image.Traits()))
                Assert.True(Directory.Exists(Path.Combine(bundle["image"], "rootfs")));
        }
        judgement.Conclude();
    }
}
