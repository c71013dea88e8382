using System.Globalization;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Distribution.Credentials;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>What tests of the registry client have in common: a registry, and a client that does not wait long.</summary>
public abstract class RegistryTest : IAsyncDisposable
{
    private readonly List<RegistryClient> _clients = [];

    private protected FakeRegistry Registry { get; init; } = new();

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected static RegistryOptions Quick { get; } = new()
    {
        Credentials = CredentialStore.None,
        FirstPause = TimeSpan.FromMilliseconds(5),
        MaxPause = TimeSpan.FromSeconds(5),
        Patience = TimeSpan.FromSeconds(5),
    };

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (RegistryClient client in _clients)
            client.Dispose();
        await Registry.DisposeAsync();
    }

    private protected RegistryClient Client(RegistryOptions? options = null, string repository = "team/app")
    {
        RegistryClient client = new(ImageReference.Parse($"{Registry.Authority}/{repository}"), options ?? Quick);
        _clients.Add(client);
        return client;
    }

    private protected static byte[] Bytes(int size)
    {
        byte[] content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    private protected static async Task<byte[]> ReadAsync(RegistryClient client, Descriptor blob, long offset = 0)
    {
        await using Stream stream = await client.OpenUnverifiedAsync(blob, offset, Cancellation);
        using MemoryStream content = new();
        await stream.CopyToAsync(content, Cancellation);
        return content.ToArray();
    }

    private protected static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
