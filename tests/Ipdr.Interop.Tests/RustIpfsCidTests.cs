using System.Text.Json;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests;

/// <summary>Debian's <c>ipfs_cid</c>, on the Rust implementation of UnixFS, gives files the same CIDs as <c>unixfs-v0-2015</c>.</summary>
public sealed class RustIpfsCidTests
{
    private const int Chunk = 256 << 10;

    // As many chunks as one node links to.
    private const int Links = 174;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData((Links * Chunk) - 1)]
    [InlineData(Links * Chunk)]
    [InlineData((Links * Chunk) + 1)]
    [InlineData((Links + 1) * Chunk)]
    [InlineData((2 * Links * Chunk) + 1)]
    public async Task A_file_has_the_same_cid(int length)
    {
        ExternalProgram peer = ExternalProgram.Require("ipfs_cid");
        using TemporaryFolder folder = new();
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        await File.WriteAllBytesAsync(folder["file"], content, TestContext.Current.CancellationToken);

        using JsonDocument theirs = JsonDocument.Parse((await peer.RunAsync(folder["file"])).OrFail().Output);
        ProgramResult ours = (await IpdrProgram.Program.RunAsync("cid", folder["file"], "--profile", "unixfs-v0-2015", "--silent")).OrFail();

        Assert.Equal(theirs.RootElement.GetProperty("CIDv0").GetString(), ours.Text);
    }
}
