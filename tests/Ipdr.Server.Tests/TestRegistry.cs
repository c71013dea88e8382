using System.Net;
using System.Net.Http.Headers;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Store;

namespace Ipdr.Server.Tests;

/// <summary>A server over a store of its own, and a client of it.</summary>
internal sealed class TestRegistry : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Func<ServerOptions, ServerOptions> _configure;

    private readonly Func<ServedContent, ServedContent> _serve;

    private TestRegistry(Func<ServerOptions, ServerOptions> configure, Func<ServedContent, ServedContent> serve) => (_configure, _serve) = (configure, serve);

    public ContentStore Store { get; private set; } = null!;

    public RegistryServer Server { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public string Home => _folder["home"];

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TestRegistry> StartAsync(Func<ServerOptions, ServerOptions>? configure = null, Func<ServedContent, ServedContent>? serve = null)
    {
        TestRegistry registry = new(configure ?? (options => options), serve ?? (content => content));
        await registry.OpenAsync();
        return registry;
    }

    /// <summary>Stops and starts again over the same store, at another port.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        HttpRequestMessage request = new(method, path) { Content = content };
        foreach ((string name, string value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content!.Headers.TryAddWithoutValidation(name, value);
        }
        return Client.SendAsync(request, Cancellation);
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<HttpResponseMessage> HeadAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Head, path, null, headers);

    public Task<HttpResponseMessage> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>Begins an upload and gives its place.</summary>
    public async Task<string> BeginUploadAsync(string repository, string query = "")
    {
        using HttpResponseMessage begun = await SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/{query}");
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        return begun.Headers.Location!.ToString();
    }

    /// <summary>Pushes a blob in one request.</summary>
    public async Task<Digest> PushBlobAsync(string repository, byte[] content, DigestAlgorithm algorithm = DigestAlgorithm.Sha256)
    {
        Digest digest = Digest.OfContent(algorithm, content);
        using HttpResponseMessage pushed = await SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/?digest={digest}", Octets(content));
        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        return digest;
    }

    public Task<HttpResponseMessage> PutManifestAsync(string repository, string reference, byte[] content, string? mediaType = TestContent.OciManifest)
    {
        ByteArrayContent body = new(content);
        if (mediaType is not null)
            body.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return SendAsync(HttpMethod.Put, $"/v2/{repository}/manifests/{reference}", body);
    }

    /// <summary>Pushes an image with config and layers, and gives the manifest.</summary>
    public async Task<(byte[] Manifest, Digest Digest)> PushImageAsync(string repository, string reference, int seed = 1, DigestAlgorithm algorithm = DigestAlgorithm.Sha256)
    {
        byte[] config = TestContent.Config(seed), layer = TestContent.Bytes(seed, 1000);
        await PushBlobAsync(repository, config, algorithm);
        await PushBlobAsync(repository, layer, algorithm);
        byte[] manifest = TestContent.Manifest(algorithm, config, layer);
        Digest digest = Digest.OfContent(algorithm, manifest);
        using HttpResponseMessage pushed = await PutManifestAsync(repository, reference == "@" ? digest.ToString() : reference, manifest);
        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        return (manifest, digest);
    }

    public static ByteArrayContent Octets(byte[] content) => new(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    private async Task OpenAsync()
    {
        Store = ContentStore.Open(Home);
        Server = RegistryServer.Over(_serve(ServedContent.Of(Store)), _configure(new ServerOptions { Port = 0 }));
        await Server.StartAsync(Cancellation);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Server.Address };
    }

    private async Task CloseAsync()
    {
        Client.Dispose();
        await Server.StopAsync();
        await Server.DisposeAsync();
        Store.Dispose();
    }
}
