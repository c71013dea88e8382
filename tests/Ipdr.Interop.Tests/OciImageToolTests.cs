using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Peers;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests;

/// <summary>The validator of the OCI itself.</summary>
public sealed class OciImageToolTests(ConvertedFixtures fixtures)
{
    [Theory]
    [ClassData(typeof(GoodFixtures))]
    public async Task The_layout_validates(string fixture)
    {
        ExternalProgram validator = ExternalProgram.Require("oci-image-tool");
        OciLayoutFolder layout = await fixtures.LayoutAsync(fixture);
        PeerJudgement judgement = new(Peer.OciImageTool);
        judgement.Accepted(await validator.RunAsync("validate", "--type", "image", layout.Path), layout.Traits());
        judgement.Conclude();
    }
}
