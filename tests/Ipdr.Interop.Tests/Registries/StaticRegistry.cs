using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ipdr.Interop.Tests.Registries;

/// <summary>The plainest host of files that can be a registry: one file for one URL, and the media type that a manifest has written in it.</summary>
internal sealed class StaticRegistry : IAsyncDisposable
{
    /// <summary>The repository that a folder with <c>manifests</c> right in it is served as.</summary>
    public const string NameOfRoot = "image";

    private readonly string _folder;
    private readonly WebApplication _app;

    private StaticRegistry(string folder)
    {
        _folder = folder;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Address and port, as a reference has them.</summary>
    public string Host => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Authority;

    /// <summary>What can be pulled: repository and folder.</summary>
    public IEnumerable<(string Name, string Folder)> Repositories =>
        Directory.EnumerateDirectories(_folder, "manifests", SearchOption.AllDirectories)
            .Select(manifests => Path.GetDirectoryName(manifests)!)
            .Select(repository => (Path.GetRelativePath(_folder, repository) is var name && name == "." ? NameOfRoot : name, repository));

    public static async Task<StaticRegistry> StartAsync(string folder)
    {
        StaticRegistry registry = new(folder);
        await registry._app.StartAsync();
        return registry;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        if (path is "/v2/" or "/v2")
            return;
        string? file = path.StartsWith("/v2/", StringComparison.Ordinal) ? FileFor(path["/v2/".Length..]) : null;
        if (file is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await using FileStream content = File.OpenRead(file);
        context.Response.ContentType = path.Contains("/manifests/", StringComparison.Ordinal) ? MediaTypeOf(file) : "application/octet-stream";
        context.Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await content.CopyToAsync(context.Response.Body, context.RequestAborted);
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
