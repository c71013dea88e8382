using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Engines;

/// <summary>Speaks to a container engine by the Docker Engine API: Docker from 1.12 on, podman's service.</summary>
public sealed class EngineClient : IDisposable
{
    // The newest version that this was written against; an engine that knows less decides.
    private const int NewestMajor = 1, NewestMinor = 51;

    // An engine says far less in a message.
    private const int MaxRefusalBytes = 64 << 10;

    private readonly HttpClient _http;
    private string _prefix = "";

    private EngineClient(EngineEndpoint endpoint) => (Endpoint, _http) = (endpoint, EngineTransport.Connect(endpoint));

    /// <summary>Where the engine is.</summary>
    public EngineEndpoint Endpoint { get; }

    /// <summary>The version that is spoken, as <c>1.43</c>.</summary>
    public string ApiVersion { get; private set; } = "";

    /// <summary>Connects to the engine that Docker's own tools would use, and agrees on a version. The caller disposes of the client.</summary>
    /// <exception cref="IpdrException">It does not answer (<see cref="FaultCode.EngineUnreachable"/>), or what is set cannot be used.</exception>
    public static Task<EngineClient> ConnectAsync(CancellationToken cancellationToken = default) => ConnectAsync(EngineLocator.OfProcess.Locate(), cancellationToken);

    /// <summary>Connects to an engine and agrees on a version. The caller disposes of the client.</summary>
    /// <exception cref="IpdrException">It does not answer; <see cref="FaultCode.EngineUnreachable"/>.</exception>
    public static async Task<EngineClient> ConnectAsync(EngineEndpoint endpoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        EngineClient client = new(endpoint);
        try
        {
            await client.NegotiateAsync(cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Describes an image; null if the engine has none of that name.</summary>
    /// <param name="name">A name, an ID, or the beginning of one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<EngineImage?> FindImageAsync(string name, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, $"images/{Escape(name)}/json", null, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        await RequireAsync(answer, name, cancellationToken).ConfigureAwait(false);
        Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            try
            {
                return await JsonSerializer.DeserializeAsync(body, EngineJson.Default.EngineImage, cancellationToken).ConfigureAwait(false);
            }
            catch (JsonException e)
            {
                throw new IpdrException(new Fault(FaultCode.BadAnswer, $"the engine's description of {name} cannot be read", Endpoint.Text, "Is this a container engine?"), e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                throw WentAway(name, e);
            }
        }
    }

    /// <summary>Opens the archive of an image, as <c>docker save</c> has it. The caller disposes of the stream.</summary>
    /// <exception cref="IpdrException">The engine has no such image (<see cref="FaultCode.NotFound"/>), or refuses.</exception>
    public async Task<Stream> ExportAsync(string name, CancellationToken cancellationToken = default)
    {
        HttpResponseMessage answer = await SendAsync(HttpMethod.Get, $"images/get?names={Escape(name)}", null, cancellationToken).ConfigureAwait(false);
        try
        {
            if (answer.StatusCode == HttpStatusCode.NotFound)
                throw Absent(name);
            await RequireAsync(answer, name, cancellationToken).ConfigureAwait(false);
            return new EngineStream(answer, await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), $"docker-daemon:{name}");
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>Loads an archive, as <c>docker load</c> does.</summary>
    /// <param name="write">Writes the archive.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">The engine refuses, or fails half-way.</exception>
    public async Task LoadAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        using WrittenContent content = new(write);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        try
        {
            using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, "images/load?quiet=1", content, cancellationToken).ConfigureAwait(false);
            await RequireAsync(answer, "load", cancellationToken).ConfigureAwait(false);
            await FollowAsync(answer, "load", cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException) when (content.Failure is IpdrException ours)
        {
            throw new IpdrException(ours.Faults, ours);
        }
    }

    /// <summary>Pulls an image, as <c>docker pull</c> does.</summary>
    /// <param name="repository">The repository, with the registry's host.</param>
    /// <param name="tag">The tag or digest.</param>
    /// <param name="platform">Which platform; null for the engine's own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">The engine refuses, or fails half-way.</exception>
    public async Task PullAsync(string repository, string tag, Platform? platform = null, CancellationToken cancellationToken = default)
    {
        string path = $"images/create?fromImage={Escape(repository)}&tag={Escape(tag)}{(platform is null ? "" : $"&platform={Escape(platform.ToString())}")}";
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, path, null, cancellationToken).ConfigureAwait(false);
        await RequireAsync(answer, repository, cancellationToken).ConfigureAwait(false);
        await FollowAsync(answer, $"{repository}:{tag}", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives an image one more name.</summary>
    /// <exception cref="IpdrException">The engine has no such image, or refuses.</exception>
    public async Task TagAsync(string image, ImageReference name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        string path = $"images/{Escape(image)}/tag?repo={Escape(name.Name)}&tag={Escape(name.Tag ?? "latest")}";
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, path, null, cancellationToken).ConfigureAwait(false);
        await RequireAsync(answer, image, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes a name away, and the image with its last name; false if there was none.</summary>
    /// <exception cref="IpdrException">The engine refuses.</exception>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Delete, $"images/{Escape(name)}?noprune=1", null, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return false;
        await RequireAsync(answer, name, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task NegotiateAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, "_ping", null, cancellationToken).ConfigureAwait(false);
        await RequireAsync(answer, "ping", cancellationToken).ConfigureAwait(false);
        // Engines before 1.25 do not say.
        string newest = answer.Headers.TryGetValues("Api-Version", out IEnumerable<string>? values) ? values.First() : "1.24";
        string[] parts = newest.Split('.');
        if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor))
            throw new IpdrException(new Fault(FaultCode.BadAnswer, $"the engine says that it speaks version \"{newest}\" of the API", Endpoint.Text, "Is this a container engine?"));
        ApiVersion = Environment.GetEnvironmentVariable("DOCKER_API_VERSION") is { Length: > 0 } wanted ? wanted
            : major > NewestMajor || minor > NewestMinor ? $"{NewestMajor}.{NewestMinor}" : newest;
        _prefix = $"v{ApiVersion}/";
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, _prefix + path) { Content = content };
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
        {
            throw Unreachable(e);
        }
    }

    private IpdrException Unreachable(Exception e)
    {
        Exception cause = e.GetBaseException();
        string remedy = cause is SocketException { SocketErrorCode: SocketError.AccessDenied }
            ? "Run as a user of the group docker, or as root."
            : "Start the engine, or say where it is with DOCKER_HOST or a Docker context.";
        // The runtime says of a socket that is not there that an address cannot be assigned.
        string reason = Endpoint.LocalPath is { } path && !Path.Exists(path) ? "there is no such socket" : cause.Message.TrimEnd('.');
        return new IpdrException(new Fault(FaultCode.EngineUnreachable, $"the container engine does not answer: {reason}", Endpoint.Text, remedy), e);
    }

    private async Task RequireAsync(HttpResponseMessage answer, string what, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode)
            return;
        string text = await RefusalAsync(answer, cancellationToken).ConfigureAwait(false);
        throw answer.StatusCode == HttpStatusCode.NotFound
            ? new IpdrException(new Fault(FaultCode.NotFound, $"the engine has not: {text}", $"{Endpoint.Text}{Fault.PlaceSeparator}{what}", "See docker image ls."))
            : new IpdrException(new Fault(FaultCode.EngineFailed, $"the engine refuses ({(int)answer.StatusCode}): {text}", $"{Endpoint.Text}{Fault.PlaceSeparator}{what}", "Its own log may say more."));
    }

    private static async Task<string> RefusalAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[MaxRefusalBytes];
        try
        {
            Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                int count = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                EngineRefusal? refusal = JsonSerializer.Deserialize(bytes.AsSpan(0, count), EngineJson.Default.EngineRefusal);
                if ((refusal?.Message ?? refusal?.Cause) is { Length: > 0 } message)
                    return message;
            }
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            // It did not finish, or something in between answered; its status is all there is to say.
        }
        return answer.ReasonPhrase is { Length: > 0 } reason ? reason : "no reason given";
    }

    // The status was 200 before the work began: failures come in the stream.
    private async Task FollowAsync(HttpResponseMessage answer, string what, CancellationToken cancellationToken)
    {
        try
        {
            Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                await foreach (EngineMessage? message in JsonSerializer.DeserializeAsyncEnumerable(body, EngineJson.Default.EngineMessage, topLevelValues: true, cancellationToken).ConfigureAwait(false))
                {
                    if (message?.Failure is { } failure)
                        throw new IpdrException(new Fault(FaultCode.EngineFailed, $"the engine failed: {failure}", $"{Endpoint.Text}{Fault.PlaceSeparator}{what}", "Its own log may say more."));
                }
            }
        }
        catch (JsonException e)
        {
            throw new IpdrException(new Fault(FaultCode.BadAnswer, "what the engine tells of its work cannot be read", $"{Endpoint.Text}{Fault.PlaceSeparator}{what}", "Its own log may say more."), e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw WentAway(what, e);
        }
    }

    private IpdrException WentAway(string what, Exception e) => new(
        new Fault(FaultCode.EngineFailed, $"the engine went away while it worked: {e.GetBaseException().Message.TrimEnd('.')}", $"{Endpoint.Text}{Fault.PlaceSeparator}{what}", "Its own log may say more."), e);

    private IpdrException Absent(string name) => new(new Fault(FaultCode.NotFound, $"the engine has no image {name}", Endpoint.Text, "See docker image ls."));

    // Slashes and colons stand for themselves in the paths of this API.
    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal).Replace("%40", "@", StringComparison.Ordinal);
}
