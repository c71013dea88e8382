using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Ipdr.Interop.Tests.Registries;

/// <summary>The plainest host of files that can be a registry: one file for one URL, and the media type that a manifest has written in it.</summary>
internal sealed class StaticRegistry : IAsyncDisposable
{
    /// <summary>The repository that a folder with <c>manifests</c> right in it is served as.</summary>
    public const string NameOfRoot = "image";

    private readonly string _folder;
    private readonly HttpListener _listener;
    private readonly Task _serving;

    public StaticRegistry(string folder)
    {
        _folder = folder;
        (_listener, Host) = Listen();
        _serving = ServeAsync();
    }

    /// <summary>Address and port, as a reference has them.</summary>
    public string Host { get; }

    /// <summary>What can be pulled: repository and folder.</summary>
    public IEnumerable<(string Name, string Folder)> Repositories =>
        Directory.EnumerateDirectories(_folder, "manifests", SearchOption.AllDirectories)
            .Select(manifests => Path.GetDirectoryName(manifests)!)
            .Select(repository => (Path.GetRelativePath(_folder, repository) is var name && name == "." ? NameOfRoot : name, repository));

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    /// <summary>A listener cannot ask for a free port: take one that was free a moment ago, and another if it is taken by now.</summary>
    private static (HttpListener Listener, string Host) Listen()
    {
        for (int attempt = 0; ; attempt++)
        {
            using TcpListener probe = new(IPAddress.Loopback, 0);
            probe.Start();
            string host = $"127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            probe.Stop();
            HttpListener listener = new() { Prefixes = { $"http://{host}/" } };
            try
            {
                listener.Start();
                return (listener, host);
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            await AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using HttpListenerResponse response = context.Response;
        string path = context.Request.Url!.AbsolutePath;
        string? file = path.StartsWith("/v2/", StringComparison.Ordinal) ? FileFor(Uri.UnescapeDataString(path["/v2/".Length..])) : null;
        if (path is "/v2/" or "/v2")
            return;
        if (file is null)
        {
            response.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }
        await using FileStream content = File.OpenRead(file);
        response.ContentType = path.Contains("/manifests/", StringComparison.Ordinal) ? MediaTypeOf(file) : "application/octet-stream";
        response.ContentLength64 = content.Length;
        if (context.Request.HttpMethod != "HEAD")
            await content.CopyToAsync(response.OutputStream);
    }

    private string? FileFor(string path)
    {
        string file = Path.GetFullPath(Path.Combine(_folder, path));
        string inRoot = Path.GetFullPath(Path.Combine(_folder, path.StartsWith(NameOfRoot + "/", StringComparison.Ordinal) ? path[(NameOfRoot.Length + 1)..] : path));
        return new[] { file, inRoot }.FirstOrDefault(found => found.StartsWith(_folder + "/", StringComparison.Ordinal) && File.Exists(found));
    }

    private static string MediaTypeOf(string manifest)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(manifest));
        return document.RootElement.TryGetProperty("mediaType", out JsonElement mediaType)
            ? mediaType.GetString()! : "application/vnd.oci.image.manifest.v1+json";
    }
}
