using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Resolution;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Resolution;

/// <summary>Names become CIDs.</summary>
public sealed class ResolverTests : IDisposable
{
    private static readonly Cid One = Cid.Parse("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
    private static readonly RepositoryName Name = RepositoryName.Parse("team/app");

    private readonly TemporaryFolder _folder = new();
    private readonly Clock _clock = new();
    private readonly Records _records = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_remembers_lists_and_forgets_names()
    {
        FolderResolver folder = new(_folder.File("names"));
        Assert.Null(await folder.ResolveAsync(Name, Tag.Latest, Cancellation));
        Assert.Empty(await folder.ListTagsAsync(Name, Cancellation));
        await folder.RememberAsync(Name, Tag.Parse("2"), One, Cancellation);
        await folder.RememberAsync(Name, Tag.Parse("1"), One, Cancellation);
        await folder.RememberAsync(RepositoryName.Parse("team/app/below"), Tag.Parse("1"), One, Cancellation);
        Assert.Equal(One, await folder.ResolveAsync(Name, Tag.Parse("1"), Cancellation));
        Assert.Equal(["1", "2"], (await folder.ListTagsAsync(Name, Cancellation)).Select(tag => tag.ToString()));
        // A tag cannot be where a repository is.
        Assert.Null(await folder.ResolveAsync(Name, Tag.Parse("below"), Cancellation));
        folder.Forget(Name, Tag.Parse("1"));
        folder.Forget(Name, Tag.Parse("none"));
        Assert.Equal(["2"], (await folder.ListTagsAsync(Name, Cancellation)).Select(tag => tag.ToString()));
    }

    [Theory]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku", true)]
    [InlineData("  /ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku\r\n", true)]
    [InlineData("", false)]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku/below", false)]
    [InlineData("nonsense", false)]
    public async Task A_file_of_names_holds_a_cid_or_is_refused(string content, bool valid)
    {
        Directory.CreateDirectory(_folder.File("names/team/app"));
        await File.WriteAllTextAsync(_folder.File("names/team/app/1"), content, Cancellation);
        ICidResolver resolver = CidResolvers.Parse($"file:{_folder.File("names")}", new DagBlocks());
        if (valid)
            Assert.Equal(One, await resolver.ResolveAsync(Name, Tag.Parse("1"), Cancellation));
        else
            Assert.Equal(FaultCode.BadCid, (await Assert.ThrowsAsync<IpdrException>(async () => await resolver.ResolveAsync(Name, Tag.Parse("1"), Cancellation))).Fault.Code);
    }

    [Fact]
    public async Task A_directory_on_ipfs_gives_names_and_images()
    {
        (DagBlocks blocks, Cid root) = await NamesAsync("1");
        ICidResolver resolver = CidResolvers.Parse($"/ipfs/{root}", blocks);
        Assert.Equal(One, await resolver.ResolveAsync(Name, Tag.Parse("1"), Cancellation));
        Assert.NotNull(await resolver.ResolveAsync(Name, Tag.Parse("image"), Cancellation));
        Assert.Null(await resolver.ResolveAsync(Name, Tag.Parse("2"), Cancellation));
        Assert.Null(await resolver.ResolveAsync(RepositoryName.Parse("no/such"), Tag.Parse("1"), Cancellation));
        Assert.Equal(["1", "image"], (await resolver.ListTagsAsync(Name, Cancellation)).Select(tag => tag.ToString()));
    }

    [Fact]
    public async Task A_domain_is_looked_up_again_when_its_time_has_ended()
    {
        (DagBlocks blocks, Cid root) = await NamesAsync("1");
        _records.Set("_dnslink.example.org", 60, "something else", $"dnslink=/ipfs/{root}");
        ICidResolver resolver = CidResolvers.Parse("example.org", blocks, _records, _clock);
        for (int i = 0; i < 3; i++)
            Assert.Equal(One, await resolver.ResolveAsync(Name, Tag.Parse("1"), Cancellation));
        Assert.Equal(1, _records.LookUps);
        _clock.Advance(TimeSpan.FromSeconds(61));
        (DagBlocks _, Cid other) = await NamesAsync("2", blocks);
        _records.Set("_dnslink.example.org", 60, $"dnslink=/ipfs/{other}");
        Assert.Null(await resolver.ResolveAsync(Name, Tag.Parse("1"), Cancellation));
        Assert.Equal(One, await resolver.ResolveAsync(Name, Tag.Parse("2"), Cancellation));
        Assert.Equal(2, _records.LookUps);
    }

    [Fact]
    public async Task A_domain_may_point_to_another_one_and_below_it()
    {
        Directory.CreateDirectory(_folder.File("outer"));
        (DagBlocks blocks, Cid root) = await NamesAsync("1", under: "deep/down");
        _records.Set("_dnslink.a.example.org", 300, "dnslink=/ipns/b.example.org/down");
        _records.Set("_dnslink.b.example.org", 300, $"dnslink=/ipfs/{root}/deep/");
        ICidResolver resolver = CidResolvers.Parse("/ipns/a.example.org", blocks, _records, _clock);
        Assert.Equal(One, await resolver.ResolveAsync(Name, Tag.Parse("1"), Cancellation));
    }

    [Theory]
    [InlineData(FaultCode.NotFound)]
    [InlineData(FaultCode.NotFound, "dnslink=/hns/x", "v=spf1")]
    [InlineData(FaultCode.BadCid, "dnslink=/ipfs/bafkqaaa", "dnslink=/ipfs/bafyaabakaieac")]
    [InlineData(FaultCode.BadCid, "dnslink=/ipfs/nonsense")]
    [InlineData(FaultCode.NotFound, "dnslink=/ipns/k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8")]
    [InlineData(FaultCode.Limit, "dnslink=/ipns/loop.example.org")]
    public async Task A_domain_that_says_nothing_clear_is_refused(FaultCode code, params string[] texts)
    {
        _records.Set("_dnslink.loop.example.org", 60, texts);
        ICidResolver resolver = CidResolvers.Parse("loop.example.org", new DagBlocks(), _records, _clock);
        Assert.Equal(code, (await Assert.ThrowsAsync<IpdrException>(async () => await resolver.ResolveAsync(Name, Tag.Parse("1"), Cancellation))).Fault.Code);
        int lookUps = _records.LookUps;
        await Assert.ThrowsAsync<IpdrException>(async () => await resolver.ListTagsAsync(Name, Cancellation));
        Assert.Equal(lookUps, _records.LookUps);
        _clock.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<IpdrException>(async () => await resolver.ListTagsAsync(Name, Cancellation));
        Assert.Equal(2 * lookUps, _records.LookUps);
    }

    [Theory]
    [InlineData("")]
    [InlineData("file:")]
    [InlineData("/ipfs/nonsense")]
    [InlineData("no domain")]
    [InlineData("localhost")]
    public void What_is_no_place_of_names_is_refused(string text) =>
        Assert.Equal(FaultCode.BadName, Assert.Throws<IpdrException>(() => CidResolvers.Parse(text, new DagBlocks())).Fault.Code);

    [Fact]
    public async Task The_first_resolver_that_knows_a_name_answers_and_all_list()
    {
        FolderResolver first = new(_folder.File("first")), second = new(_folder.File("second"));
        Cid two = Cid.Parse("bafkqaaa");
        await second.RememberAsync(Name, Tag.Parse("1"), One, Cancellation);
        await second.RememberAsync(Name, Tag.Parse("2"), One, Cancellation);
        await first.RememberAsync(Name, Tag.Parse("1"), two, Cancellation);
        CidResolvers both = new([first, second]);
        Assert.Equal(two, await both.ResolveAsync(Name, Tag.Parse("1"), Cancellation));
        Assert.Equal(One, await both.ResolveAsync(Name, Tag.Parse("2"), Cancellation));
        Assert.Null(await both.ResolveAsync(Name, Tag.Parse("3"), Cancellation));
        CidResolvers broken = new([CidResolvers.Parse("nowhere.example.org", new DagBlocks(), _records, _clock), second]);
        Assert.Equal(One, await broken.ResolveAsync(Name, Tag.Parse("2"), Cancellation));
        Assert.Equal(2, (await broken.ListTagsAsync(Name, Cancellation)).Count);
        Assert.Equal(FaultCode.NotFound, (await Assert.ThrowsAsync<IpdrException>(async () => await broken.ResolveAsync(Name, Tag.Parse("3"), Cancellation))).Fault.Code);
        Assert.Equal(2, (await both.ListTagsAsync(Name, Cancellation)).Count);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<(DagBlocks Blocks, Cid Root)> NamesAsync(string tag, DagBlocks? blocks = null, string under = "")
    {
        string root = _folder.File($"dag-{tag}"), names = Path.Combine(root, under, "team", "app");
        Directory.CreateDirectory(Path.Combine(names, "image", "manifests"));
        await File.WriteAllTextAsync(Path.Combine(names, tag), $"{One}\n", Cancellation);
        Dag dag = await UnixFsImporter.ImportAsync(root, new ImportOptions { KeepBlocks = true }, Cancellation);
        blocks ??= new DagBlocks();
        blocks.Add(dag);
        return (blocks, dag.Root);
    }

    private sealed class Records : ITextRecordSource
    {
        private readonly Dictionary<string, TextRecords> _records = [];

        public int LookUps { get; private set; }

        public void Set(string name, int seconds, params string[] texts) => _records[name] = new TextRecords(texts, TimeSpan.FromSeconds(seconds));

        public Task<TextRecords> LookUpAsync(string name, CancellationToken cancellationToken)
        {
            LookUps++;
            return Task.FromResult(_records.GetValueOrDefault(name) ?? new TextRecords([], TimeSpan.Zero));
        }
    }

    private sealed class Clock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
