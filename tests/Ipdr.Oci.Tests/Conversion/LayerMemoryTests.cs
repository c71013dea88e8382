using System.Collections.Concurrent;
using System.Text;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Conversion.Targets;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Staging;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Tests.Conversion;

public sealed class LayerMemoryTests : IDisposable
{
    private readonly ConvertingSample _first = new();
    private readonly ConvertingSample _second = new();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Theory]
    [InlineData(LayerCompression.Auto, false)]
    [InlineData(LayerCompression.Zstd, false)]
    [InlineData(LayerCompression.Auto, true)]
    public async Task The_output_is_the_same_with_and_without_memory(LayerCompression compression, bool throughPipe)
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "base", "middle", "top");
        List<(string, byte[])> members = image.DockerMembers("app:1");
        ConversionOptions options = new() { Compression = compression };
        ConversionResult plain = await _first.ConvertAsync(members, options);

        FolderMemory memory = FolderMemory.Of(_first.Output, plain, image.DiffIds[0], image.DiffIds[1]);
        ConversionResult recalled = await ConvertAsync(members, options with { Memory = memory }, throughPipe);

        Assert.Equal(TemporaryFolder.Listing(_first.Output), TemporaryFolder.Listing(_second.Output));
        Assert.Equal(plain.Dag!.Root, recalled.Dag!.Root);
        Assert.Equal(plain.Images[0].Layers.Select(layer => layer.CompressedWith), recalled.Images[0].Layers.Select(layer => layer.CompressedWith));
        Assert.Equal(new[] { image.DiffIds[0], image.DiffIds[1] }.Order(ByText), memory.Opened.Order(ByText));
    }

    [Fact]
    public async Task Members_that_do_not_say_what_they_are_may_be_expected()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "base", "top");
        List<(string Name, byte[] Body)> members = [.. image.DockerMembers("app:1").Select(member => (member.Name.Replace(image.DiffIds[0].Encoded, "some-layer", StringComparison.Ordinal), member.Body))];
        members[^1] = ("manifest.json", System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(members[^1].Body).Replace(image.DiffIds[0].Encoded, "some-layer", StringComparison.Ordinal)));
        ConversionResult plain = await _first.ConvertAsync(members);
        FolderMemory memory = FolderMemory.Of(_first.Output, plain, image.DiffIds[0]);

        await ConvertAsync(members, new ConversionOptions { Memory = memory, ExpectedLayers = image.DiffIds }, throughPipe: true);

        Assert.Equal([image.DiffIds[0]], memory.Opened);
        Assert.Equal(TemporaryFolder.Listing(_first.Output), TemporaryFolder.Listing(_second.Output));
    }

    [Fact]
    public async Task What_a_file_has_in_place_of_a_layer_that_is_known_is_not_read()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "base", "top"), other = await SampleImage.CreateAsync("amd64", "something else");
        ConversionResult plain = await _first.ConvertAsync(image.DockerMembers("app:1"));
        List<(string Name, byte[] Body)> members = image.DockerMembers("app:1");
        members[0] = (members[0].Name, other.Layers[0]);

        FolderMemory memory = FolderMemory.Of(_first.Output, plain, image.DiffIds[0]);
        Fault refused = Assert.Single((await Assert.ThrowsAsync<IpdrException>(() => ConvertAsync(members, new ConversionOptions { Memory = memory }, throughPipe: true))).Faults);
        Assert.Equal((FaultCode.DigestMismatch, other.DiffIds[0].ToString()), (refused.Code, refused.Actual));
        Assert.Empty(memory.Opened);

        await _second.ConvertAsync(members, new ConversionOptions { Memory = memory });
        Assert.Equal(TemporaryFolder.Listing(_first.Output), TemporaryFolder.Listing(_second.Output));
    }

    [Fact]
    public async Task A_layer_that_is_not_known_is_refused_beside_one_that_is()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "base", "top"), other = await SampleImage.CreateAsync("amd64", "something else");
        ConversionResult plain = await _first.ConvertAsync(image.DockerMembers("app:1"));
        List<(string Name, byte[] Body)> members = image.DockerMembers("app:1");
        members[1] = (members[1].Name, other.Layers[0]);

        Fault refused = Assert.Single(await _second.RefuseAsync(members, new ConversionOptions { Memory = FolderMemory.Of(_first.Output, plain, image.DiffIds[0]) }));
        Assert.Equal((FaultCode.DigestMismatch, image.DiffIds[1].ToString(), other.DiffIds[0].ToString()), (refused.Code, refused.Expected, refused.Actual));
    }

    [Fact]
    public async Task A_member_of_which_two_things_are_promised_is_read()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "base", "top");
        ConversionResult plain = await _first.ConvertAsync(image.DockerMembers("app:1"));
        List<(string Name, byte[] Body)> members = image.DockerMembers("app:1");
        // Both layers of the image are said to be the first member.
        members[^1] = ("manifest.json", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(members[^1].Body).Replace(image.DiffIds[1].Encoded, image.DiffIds[0].Encoded, StringComparison.Ordinal)));

        FolderMemory memory = FolderMemory.Of(_first.Output, plain, [.. image.DiffIds]);
        Fault refused = Assert.Single(await _second.RefuseAsync(members, new ConversionOptions { Memory = memory }));
        Assert.Equal((FaultCode.DigestMismatch, image.DiffIds[1].ToString(), image.DiffIds[0].ToString()), (refused.Code, refused.Expected, refused.Actual));
        Assert.Empty(memory.Opened);
    }

    [Fact]
    public async Task A_member_that_comes_twice_is_read()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "base", "top"), other = await SampleImage.CreateAsync("amd64", "something else");
        ConversionResult plain = await _first.ConvertAsync(image.DockerMembers("app:1"));
        List<(string Name, byte[] Body)> members = image.DockerMembers("app:1");
        members.Insert(1, (members[0].Name, other.Layers[0]));

        FolderMemory memory = FolderMemory.Of(_first.Output, plain, image.DiffIds[0]);
        Assert.Equal(FaultCode.AmbiguousDuplicate, Assert.Single(await _second.RefuseAsync(members, new ConversionOptions { Memory = memory })).Code);
    }

    [Fact]
    public async Task Of_a_layer_that_is_called_by_its_digest_nothing_is_written()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "base", "top");
        ConversionResult plain = await _first.ConvertAsync(image.DockerMembers("app:1"));
        FolderMemory memory = FolderMemory.Of(_first.Output, plain, [.. image.DiffIds]);
        await using ArchiveInput input = ArchiveInput.OfStream(new MemoryStream(await SampleImage.TarAsync(image.DockerMembers("app:1"))), "archive.tar");
        ConversionResult recalled = await Converter.ConvertAsync(input, new UnwritableTarget(), new ConversionOptions { Memory = memory }, null, TestContext.Current.CancellationToken);
        Assert.Equal(plain.Images[0].Layers.Select(layer => layer.Descriptor), recalled.Images[0].Layers.Select(layer => layer.Descriptor));
    }

    [Fact]
    public async Task A_layer_that_is_called_by_the_digest_of_another_is_refused_from_a_pipe_and_taken_from_a_file()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "base", "top"), other = await SampleImage.CreateAsync("amd64", "something else");
        ConversionResult plain = await _first.ConvertAsync(image.DockerMembers("app:1"));
        FolderMemory memory = FolderMemory.Of(_first.Output, plain, [.. image.DiffIds]);
        List<(string Name, byte[] Body)> members = [.. other.DockerMembers("app:1").Select(member => (Rename(member.Name), member.Name == "manifest.json" ? Encoding.UTF8.GetBytes(Rename(Encoding.UTF8.GetString(member.Body))) : member.Body))];
        ConversionOptions options = new() { Memory = memory };

        IpdrException refused = await Assert.ThrowsAsync<IpdrException>(() => ConvertAsync(members, options, throughPipe: true));
        Fault fault = Assert.Single(refused.Faults);
        Assert.Equal((FaultCode.DigestMismatch, image.DiffIds[0].ToString(), other.DiffIds[0].ToString()), (fault.Code, fault.Expected, fault.Actual));
        Assert.Contains("cannot be read again", fault.What, StringComparison.Ordinal);
        Assert.False(Path.Exists(_second.Output));

        ConversionResult taken = await ConvertAsync(members, options, throughPipe: false);
        Assert.Equal(other.DiffIds, taken.Images[0].Layers.Select(layer => layer.DiffId!.Value));
        Assert.Empty(memory.Opened);

        string Rename(string text) => text.Replace(other.DiffIds[0].Encoded, image.DiffIds[0].Encoded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_refers_to_may_be_called_anything()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "base", "top"), other = await SampleImage.CreateAsync("amd64", "something else");
        ConversionResult plain = await _first.ConvertAsync(image.DockerMembers("app:1"));
        FolderMemory memory = FolderMemory.Of(_first.Output, plain, [.. image.DiffIds]);
        List<(string Name, byte[] Body)> members = [($"leftover/{image.DiffIds[0].Encoded}.tar", other.Layers[0]), .. image.DockerMembers("app:1")];
        await ConvertAsync(members, new ConversionOptions { Memory = memory }, throughPipe: true);
        Assert.Equal(TemporaryFolder.Listing(_first.Output), TemporaryFolder.Listing(_second.Output));
    }

    [Fact]
    public async Task What_is_remembered_is_checked_when_it_is_copied()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "base", "top");
        ConversionResult plain = await _first.ConvertAsync(image.DockerMembers("app:1"));
        FolderMemory memory = FolderMemory.Of(_first.Output, plain, image.DiffIds[0]);
        memory.Damage();
        await Assert.ThrowsAnyAsync<Oci.Faults.IpdrException>(() => _second.ConvertAsync(image.DockerMembers("app:1"), new ConversionOptions { Memory = memory }));
        Assert.False(Path.Exists(_second.Output));
    }

    [Fact]
    public async Task Another_level_is_another_recipe()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "base", "top");
        ConversionResult plain = await _first.ConvertAsync(image.DockerMembers("app:1"), new ConversionOptions { Level = 1 });
        FolderMemory memory = FolderMemory.Of(_first.Output, plain, image.DiffIds[0]);
        await _second.ConvertAsync(image.DockerMembers("app:1"), new ConversionOptions { Level = 9, Memory = memory });
        Assert.Empty(memory.Opened);
    }

    [Theory]
    [InlineData(LayerCompression.Gzip, false)]
    [InlineData(LayerCompression.Gzip, true)]
    [InlineData(LayerCompression.Zstd, false)]
    [InlineData(LayerCompression.Zstd, true)]
    public async Task Of_a_compressed_layer_that_is_known_nothing_is_written_or_decompressed(LayerCompression compression, bool throughPipe)
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "base", "top");
        ConversionResult plain = await _first.ConvertAsync(image.DockerMembers("app:1"), new ConversionOptions { Compression = compression });
        FolderMemory memory = FolderMemory.Of(_first.Output, plain, [.. image.DiffIds]);

        ConversionResult recalled = await RecallAsync(Archived(_first.Output), memory, throughPipe);

        Assert.Equal(plain.Images[0].Layers.Select(layer => layer.Descriptor), recalled.Images[0].Layers.Select(layer => layer.Descriptor));
        Assert.Equal(image.DiffIds, recalled.Images[0].Layers.Select(layer => layer.DiffId!.Value));
    }

    [Fact]
    public async Task What_an_archive_has_in_place_of_a_compressed_layer_that_is_known_is_read_from_a_pipe_only()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "base", "top");
        ConversionResult plain = await _first.ConvertAsync(image.DockerMembers("app:1"));
        FolderMemory memory = FolderMemory.Of(_first.Output, plain, [.. image.DiffIds]);
        Digest named = plain.Images[0].Layers[0].Descriptor.Digest;
        List<(string Name, byte[] Body)> members = Archived(_first.Output);
        byte[] rotten = members.Single(member => member.Name.EndsWith(named.Encoded, StringComparison.Ordinal)).Body;
        rotten[^9] ^= 1;

        Fault refused = Assert.Single((await Assert.ThrowsAsync<IpdrException>(() => RecallAsync(members, memory, throughPipe: true))).Faults);
        Assert.Equal((FaultCode.DigestMismatch, named.ToString(), Digest.OfContent(DigestAlgorithm.Sha256, rotten).ToString()), (refused.Code, refused.Expected, refused.Actual));

        ConversionResult recalled = await RecallAsync(members, memory, throughPipe: false);
        Assert.Equal(plain.Images[0].Layers.Select(layer => layer.Descriptor), recalled.Images[0].Layers.Select(layer => layer.Descriptor));
    }

    [Fact]
    public async Task A_known_layer_that_the_config_does_not_mean_is_refused_all_the_same()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "base", "top"), other = await SampleImage.CreateAsync("amd64", "other", "top");
        ConversionResult plain = await _first.ConvertAsync(SampleImage.OciMembers(image.OciBlobs(), SampleImage.Index(image.ManifestDescriptor())));
        FolderMemory memory = FolderMemory.Of(_first.Output, plain, [.. image.DiffIds]);
        List<(string Name, byte[] Body)> members = SampleImage.OciMembers(image.OciBlobs(other.Config), SampleImage.Index(image.ManifestDescriptor(other.Config)));

        IpdrException refused = await Assert.ThrowsAsync<IpdrException>(() => ConvertAsync(members, new ConversionOptions { Memory = memory }, throughPipe: false));
        Fault fault = Assert.Single(refused.Faults);
        Assert.Equal((FaultCode.DigestMismatch, other.DiffIds[0].ToString(), image.DiffIds[0].ToString()), (fault.Code, fault.Expected, fault.Actual));
    }

    // To where all layers are and nothing can be written.
    private static async Task<ConversionResult> RecallAsync(IEnumerable<(string, byte[])> members, FolderMemory memory, bool throughPipe)
    {
        byte[] archive = await SampleImage.TarAsync(members);
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "archive.tar");
        await File.WriteAllBytesAsync(file, archive, TestContext.Current.CancellationToken);
        await using ArchiveInput input = throughPipe ? ArchiveInput.OfStream(new MemoryStream(archive), "archive.tar") : ArchiveInput.OfFile(file);
        return await Converter.ConvertAsync(input, new UnwritableTarget(), new ConversionOptions { Memory = memory }, null, TestContext.Current.CancellationToken);
    }

    private static List<(string Name, byte[] Body)> Archived(string layout) =>
        [.. Directory.EnumerateFiles(layout, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => (Path.GetRelativePath(layout, file), File.ReadAllBytes(file)))];

    private static Comparer<Digest> ByText => Comparer<Digest>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));

    private async Task<ConversionResult> ConvertAsync(IEnumerable<(string, byte[])> members, ConversionOptions options, bool throughPipe)
    {
        if (!throughPipe)
            return await _second.ConvertAsync(members, options);
        await using ArchiveInput input = ArchiveInput.OfStream(new MemoryStream(await SampleImage.TarAsync(members)), "archive.tar");
        return await Converter.ConvertAsync(input, _second.Output, options, null, TestContext.Current.CancellationToken);
    }

    /// <summary>A place that has all layers, and to which nothing can be written.</summary>
    private sealed class UnwritableTarget : IConversionTarget
    {
        public string? Output => null;

        public bool HoldsKnownLayers => true;

        public StagedFile NewFile() => throw new InvalidOperationException("something is written");

        public ValueTask<ContentForm> TakeLayerAsync(Digest diffId, ContentForm layer, CancellationToken cancellationToken) => throw new InvalidOperationException("something is compressed");

        public Task<Dag?> PlaceAsync(LayoutContents layout, List<Fault> warnings, CancellationToken cancellationToken) => Task.FromResult<Dag?>(null);
    }

    /// <summary>The layers of a layout, as a memory.</summary>
    private sealed class FolderMemory : ILayerMemory
    {
        private readonly Dictionary<(Digest, string?), KnownLayer> _known = [];
        private bool _isDamaged;

        public ConcurrentQueue<Digest> Opened { get; } = [];

        public static FolderMemory Of(string layout, ConversionResult result, params Digest[] remembered)
        {
            FolderMemory memory = new();
            foreach (ConvertedLayer layer in result.Images[0].Layers.Where(layer => remembered.Contains(layer.DiffId!.Value)))
            {
                string file = Path.Combine(layout, "blobs", "sha256", layer.Descriptor.Digest.Encoded);
                memory._known[(layer.DiffId!.Value, layer.CompressedWith?.ToString())] = new KnownLayer(layer.DiffId.Value, layer.Descriptor.Digest, layer.Descriptor.Size, () => memory.Open(layer.DiffId.Value, file));
            }
            return memory;
        }

        public void Damage() => _isDamaged = true;

        public KnownLayer? Find(Digest diffId, CompressionSettings settings) => _known.GetValueOrDefault((diffId, settings.ToString()));

        public KnownLayer? FindStored(Digest blob) => _known.Values.FirstOrDefault(layer => layer.Digest == blob);

        private MemoryStream Open(Digest diffId, string file)
        {
            Opened.Enqueue(diffId);
            byte[] bytes = File.ReadAllBytes(file);
            if (_isDamaged)
                bytes[^1] ^= 1;
            return new MemoryStream(bytes);
        }
    }
}
