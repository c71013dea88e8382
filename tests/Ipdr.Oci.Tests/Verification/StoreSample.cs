using System.IO.Pipelines;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Store;
using Ipdr.Oci.Transfer;
using Ipdr.Oci.Verification;
using Microsoft.Data.Sqlite;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>A store with one image, <c>app:1.0</c>, whose upper layer takes several blocks; and ways to harm it behind its back.</summary>
internal sealed class StoreSample : IDisposable
{
    private const int LargeBytes = (3 << 20) + 17;

    private readonly TemporaryFolder _folder;

    private StoreSample(TemporaryFolder folder)
    {
        _folder = folder;
        Store = ContentStore.Open(Home);
    }

    public static RepositoryName Repository { get; } = RepositoryName.Parse("app");

    public static RepositoryReference Image { get; } = RepositoryReference.Parse("app:1.0");

    public ContentStore Store { get; }

    public SampleLayout Layout { get; } = SampleLayout.Oci(image => image.Layers.Add(Large()));

    public string Home => _folder.File("home");

    /// <summary>The layout that the image came from.</summary>
    public string Origin => _folder.File("origin");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<StoreSample> CreateAsync(TemporaryFolder folder)
    {
        StoreSample sample = new(folder);
        sample.Layout.WriteFolder(folder, "origin");
        await sample.CopyAsync($"oci:{sample.Origin}", "store:app:1.0");
        Assert.NotNull(await sample.Store.FindCidAsync(Repository, Tag.Parse("1.0"), Cancellation));
        return sample;
    }

    public async Task CopyAsync(string from, string to)
    {
        PlaceOptions places = new() { StoreHome = Home };
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse(to), places, Cancellation);
        await using IImageSource source = await Places.OpenSourceAsync(ImagePlace.Parse(from), places, Cancellation);
        await ImageCopier.CopyAsync(source, destination, new CopyOptions { AllPlatforms = true }, cancellationToken: Cancellation);
    }

    /// <summary>Takes a blob or manifest in, as a push does.</summary>
    public async Task PutAsync(Digest digest, byte[] content)
    {
        if (content.AsSpan().IndexOf("schemaVersion"u8) >= 0)
        {
            await Store.PutManifestAsync(new ManifestPush(Repository, digest, content), Cancellation);
            return;
        }
        await using BlobUpload upload = Store.BeginUpload(Repository, digest.Algorithm);
        await upload.AppendAsync(PipeReader.Create(new MemoryStream(content)), long.MaxValue, Cancellation);
        await upload.CompleteAsync(digest, Cancellation);
    }

    /// <summary>The file of a blob, by the path that it has in the layout.</summary>
    public string PathOf(string layoutPath) => Path.Combine(Home, layoutPath);

    public void Flip(string layoutPath)
    {
        byte[] bytes = File.ReadAllBytes(PathOf(layoutPath));
        bytes[bytes.Length / 2] ^= 0x20;
        File.WriteAllBytes(PathOf(layoutPath), bytes);
    }

    public int Change(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(Home, "catalogue.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    public Task<VerificationReport> VerifyAsync(bool whole = true, VerificationOptions? options = null) =>
        Verifier.VerifyAsync(VerificationTarget.OfStore(Store, whole ? null : Image), options, cancellationToken: Cancellation);

    public Task<VerificationReport> RepairAsync(params string[] places) => Verifier.RepairAsync(Store, null, places, cancellationToken: Cancellation);

    public static FaultCode[] CodesOf(VerificationReport report) => [.. report.Findings.Select(finding => finding.Code).Distinct()];

    public static Digest DigestOf(string layoutPath) => Digest.Parse("sha256:" + layoutPath.Split('/')[^1]);

    public void Dispose() => Store.Dispose();

    private static SampleLayer Large()
    {
        byte[] content = new byte[LargeBytes];
        new Random(1).NextBytes(content);
        return SampleLayer.Of(tar => tar.Header("large", size: content.Length).Body(content));
    }
}
