using System.IO.Compression;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>For every code a defect that is made from a sound image: it is found, and nothing else is.</summary>
public sealed class DefectTests
{
    private static readonly Dictionary<string, Defect> Defects = new Defect[][] { [.. DocumentDefects.All], [.. ContentDefects.All], [.. LayerDefects.All], [.. ArchiveDefects.All], [.. CarDefects.All], [.. SignatureDefects.All] }
        .SelectMany(defects => defects).ToDictionary(defect => defect.Name);

    public static TheoryData<string> Names => [.. Defects.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_defect_is_found_by_its_code_and_nothing_else_is(string name)
    {
        Defect defect = Defects[name];
        using TemporaryFolder folder = new();
        VerificationReport report = await VerifyAsync(defect.TargetOf(defect.Make(folder)), defect.Options);
        Assert.Contains(defect.Code, report.Findings.Select(finding => finding.Code));
        Assert.Equal([], report.Findings.Where(finding => finding.Code != defect.Code && !defect.Follows.Contains(finding.Code)).Select(finding => $"{finding.Fault} [{finding.Fault.CodeText}]"));
        Assert.Equal(FindingCatalogue.Of(defect.Code).Severity == Severity.Error || defect.Follows.Any(code => FindingCatalogue.Of(code).Severity == Severity.Error), !report.IsSound());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_report_is_the_same_on_one_core_and_on_many(string name)
    {
        Defect defect = Defects[name];
        using TemporaryFolder folder = new();
        VerificationTarget target = defect.TargetOf(defect.Make(folder));
        VerificationReport one = await VerifyAsync(target, defect.Options with { DegreeOfParallelism = 1 });
        VerificationReport many = await VerifyAsync(target, defect.Options with { DegreeOfParallelism = 16 });
        Assert.Equal(one.Findings, many.Findings);
        Assert.Equal((one.Blobs, one.Bytes), (many.Blobs, many.Bytes));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_archive_through_a_pipe_shows_the_same_defects(string name)
    {
        Defect defect = Defects[name];
        using TemporaryFolder folder = new();
        string path = defect.Make(folder);
        if (!File.Exists(path) || defect.Form == TargetForm.Car || path.EndsWith(".car", StringComparison.Ordinal))
            return;
        await using FileStream file = File.OpenRead(path);
        await using ReadOnlyPipe pipe = new(file);
        VerificationReport report = await VerifyAsync(VerificationTarget.OfStream(pipe, "pipe", defect.Form), defect.Options);
        VerificationReport inPlace = await VerifyAsync(defect.TargetOf(path), defect.Options);
        Assert.Equal(inPlace.Findings, report.Findings);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_finding_says_where_it_is_and_what_to_do(string name)
    {
        Defect defect = Defects[name];
        using TemporaryFolder folder = new();
        foreach (Finding finding in (await VerifyAsync(defect.TargetOf(defect.Make(folder)), defect.Options)).Findings)
        {
            Assert.NotEmpty(finding.Fault.What);
            Assert.EndsWith(".", finding.Fault.Remedy, StringComparison.Ordinal);
            Assert.Equal(finding.Place.ToString(), finding.Fault.Where);
            Assert.Equal(FindingCatalogue.Of(finding.Code).Severity, finding.Severity);
        }
    }

    [Fact]
    public void Every_code_of_the_catalogue_is_tried() =>
        Assert.Empty(FindingCatalogue.All.Select(entry => entry.Code).Except(Defects.Values.Select(defect => defect.Code)));

    [Fact]
    public async Task Sound_images_of_every_form_show_nothing()
    {
        foreach ((string name, SampleLayout layout, bool asArchive) in new (string, SampleLayout, bool)[]
        {
            ("OCI layout", SampleLayout.Oci(), false),
            ("OCI archive", SampleLayout.Oci(), true),
            ("docker-archive", SampleLayout.Docker(), true),
            ("unpacked docker-archive", SampleLayout.Docker(), false),
            ("hybrid archive", SampleLayout.Hybrid(), true),
            ("hybrid folder", SampleLayout.Hybrid(), false),
            ("registry layout", SampleLayout.Registry(), false),
            ("repository", SampleLayout.Registry(""), false),
            ("universal layout", SampleLayout.Registry("", SampleLayout.Oci()), false),
        })
        {
            using TemporaryFolder folder = new();
            string path = asArchive ? layout.WriteArchive(folder) : layout.WriteFolder(folder);
            VerificationReport report = await VerifyAsync(VerificationTarget.OfPath(path));
            Assert.Equal([], report.Findings.Select(finding => $"{name}: {finding.Fault}"));
            Assert.True(report.Blobs >= 3, name);
            Assert.Equal([], (await VerifyAsync(VerificationTarget.OfPath(path), new VerificationOptions { Quick = true })).Findings);
        }
    }

    [Fact]
    public async Task A_compressed_archive_is_read_as_the_plain_one()
    {
        using TemporaryFolder folder = new();
        string plain = SampleLayout.Hybrid().WriteArchive(folder);
        using (FileStream file = File.Create(folder.File("archive.gz")))
        using (GZipStream gzip = new(file, CompressionLevel.Fastest))
            gzip.Write(File.ReadAllBytes(plain));
        Assert.Empty((await VerifyAsync(VerificationTarget.OfPath(folder.File("archive.gz")))).Findings);
    }

    [Fact]
    public async Task A_quick_verification_does_not_decompress_and_finds_what_bytes_show()
    {
        using TemporaryFolder folder = new();
        string path = SampleLayout.Oci(image => image.ChangeConfig = config => config["rootfs"]!["diff_ids"]![0] = SampleLayout.DigestOf([])).WriteFolder(folder);
        VerificationReport quick = await VerifyAsync(VerificationTarget.OfPath(path), new VerificationOptions { Quick = true });
        Assert.True(quick.Quick);
        Assert.Empty(quick.Findings);
        Assert.Equal(FaultCode.DigestMismatch, Assert.Single((await VerifyAsync(VerificationTarget.OfPath(path))).Findings).Code);
    }

    [Fact]
    public async Task Verification_can_be_stopped()
    {
        using TemporaryFolder folder = new();
        string path = SampleLayout.Oci().WriteFolder(folder);
        using CancellationTokenSource stopped = new();
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Verifier.VerifyAsync(VerificationTarget.OfPath(path), cancellationToken: stopped.Token));
    }

    private static Task<VerificationReport> VerifyAsync(VerificationTarget target, VerificationOptions? options = null) =>
        Verifier.VerifyAsync(target, options, null, TestContext.Current.CancellationToken);

    /// <summary>Hides that the bytes come from a file.</summary>
    private sealed class ReadOnlyPipe(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Flush()
        {
        }
    }
}
