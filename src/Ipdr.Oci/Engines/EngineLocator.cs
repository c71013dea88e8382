using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Engines;

/// <summary>Finds the engine as Docker's own tools do: <c>DOCKER_HOST</c>, <c>DOCKER_CONTEXT</c>, the current context of <c>config.json</c>, the usual sockets.</summary>
/// <param name="variable">Gives an environment variable, or null.</param>
/// <param name="home">The user's home.</param>
internal sealed class EngineLocator(Func<string, string?> variable, string home)
{
    private const string DefaultContext = "default";
    private const int MaxSettingsBytes = 1 << 20;

    /// <summary>With the variables of this process.</summary>
    public static EngineLocator OfProcess { get; } = new(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));

    /// <summary>Where the engine is.</summary>
    /// <exception cref="IpdrException">What is set cannot be used; <see cref="FaultCode.BadSettings"/>.</exception>
    public EngineEndpoint Locate()
    {
        if (Set("DOCKER_HOST") is { } host)
            return EngineEndpoint.Parse(host, TlsOfEnvironment(host));
        string? context = Set("DOCKER_CONTEXT") ?? CurrentContext();
        return context is null or DefaultContext ? EngineEndpoint.Parse(UsualSocket()) : OfContext(context);
    }

    private string ConfigFolder => Set("DOCKER_CONFIG") ?? Path.Combine(home, ".docker");

    private string? Set(string name) => variable(name) is { Length: > 0 } value ? value : null;

    private EngineTls? TlsOfEnvironment(string host)
    {
        bool verify = Set("DOCKER_TLS_VERIFY") is not null;
        if (!host.StartsWith("tcp:", StringComparison.Ordinal) || (!verify && Set("DOCKER_CERT_PATH") is null && Set("DOCKER_TLS") is null))
            return null;
        return EngineTls.OfFolder(Set("DOCKER_CERT_PATH") ?? ConfigFolder, verify);
    }

    private string? CurrentContext() => Read(Path.Combine(ConfigFolder, "config.json"), EngineJson.Default.ContextSetting)?.CurrentContext is { Length: > 0 } name ? name : null;

    private EngineEndpoint OfContext(string name)
    {
        string id = Digest.OfContent(DigestAlgorithm.Sha256, Encoding.UTF8.GetBytes(name)).Encoded;
        string file = Path.Combine(ConfigFolder, "contexts", "meta", id, "meta.json");
        EngineContext context = Read(file, EngineJson.Default.EngineContext)
            ?? throw new IpdrException(new Fault(FaultCode.BadSettings, $"there is no Docker context called {name}", file, "See docker context ls, or set DOCKER_HOST."));
        if (context.Endpoints?.GetValueOrDefault("docker") is not { Host: { Length: > 0 } host } endpoint)
            throw new IpdrException(new Fault(FaultCode.BadSettings, $"the Docker context {name} names no host", file, "Make it again with docker context create."));
        string certificates = Path.Combine(ConfigFolder, "contexts", "tls", id, "docker");
        return EngineEndpoint.Parse(host, Directory.Exists(certificates) ? EngineTls.OfFolder(certificates, !endpoint.SkipTLSVerify) : null);
    }

    // The first socket that is there: Docker's, a rootless Docker's, podman's; Docker's where there is none, for the message.
    private string UsualSocket()
    {
        if (OperatingSystem.IsWindows())
            return "npipe:////./pipe/docker_engine";
        const string Docker = "/var/run/docker.sock";
        string? runtime = Set("XDG_RUNTIME_DIR");
        string?[] candidates = [Docker, runtime is null ? null : $"{runtime}/docker.sock", $"{home}/.docker/run/docker.sock", runtime is null ? null : $"{runtime}/podman/podman.sock", "/run/podman/podman.sock"];
        return "unix://" + (candidates.OfType<string>().FirstOrDefault(File.Exists) ?? Docker);
    }

    private static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return file.Length <= MaxSettingsBytes ? JsonSerializer.Deserialize(file, type) : throw new JsonException("it is too large");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new IpdrException(new Fault(FaultCode.BadSettings, $"it cannot be read: {e.Message.TrimEnd('.')}", path, "Mend the file, or set DOCKER_HOST."), e);
        }
    }
}
