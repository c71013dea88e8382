using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>A file of credentials that is being changed. What is not known here stays as it is, in its order.</summary>
internal sealed class AuthDocument
{
    private const string Auths = "auths";

    // As Docker writes it; Go does not escape what is beyond ASCII.
    private static readonly JsonWriterOptions Writing = new() { Indented = true, IndentCharacter = '\t', IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What an entry has of secrets, all of it for one login.
    private static readonly string[] Secrets = ["auth", "username", "password", "identitytoken", "registrytoken"];

    private readonly JsonObject _root;

    private AuthDocument(JsonObject root) => _root = root;

    private JsonObject? Entries => _root[Auths] as JsonObject;

    /// <summary>Reads a file; null and nothing at all are an empty one.</summary>
    /// <exception cref="Faults.IpdrException">It is no file of credentials; <see cref="Faults.FaultCode.BadSettings"/>.</exception>
    public static AuthDocument Parse(byte[]? content, string where)
    {
        if (content is null or [])
            return new AuthDocument([]);
        // Says what is wrong with the members that are known, and where.
        AuthFile.Parse(content, where);
        try
        {
            return new AuthDocument(JsonNode.Parse(content, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 32 }) as JsonObject ?? []);
        }
        catch (JsonException e)
        {
            throw AuthFile.Broken(where, "it has a member of one name twice", e);
        }
    }

    /// <summary>Enters a password. Other spellings of the same registry go, since some tools would look at them first.</summary>
    public void Enter(RegistryAddress address, Credential credential)
    {
        JsonObject entry = Take(address);
        entry["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Secret}"));
    }

    /// <summary>Enters that there is a login, whose secrets a helper has; Docker looks there for whom it knows.</summary>
    public void EnterHelped(RegistryAddress address) => Take(address);

    /// <summary>Removes what there is of an address.</summary>
    /// <returns>True if there were any secrets.</returns>
    public bool Remove(RegistryAddress address)
    {
        bool any = false;
        foreach (string key in KeysOf(address))
        {
            any |= Secrets.Any(secret => Entries![key]?[secret] is not null);
            Entries!.Remove(key);
        }
        return any;
    }

    /// <summary>Removes everything.</summary>
    /// <returns>What there were secrets for.</returns>
    public IReadOnlyList<string> Clear()
    {
        string[] keys = [.. (Entries ?? []).Where(entry => Secrets.Any(secret => entry.Value?[secret] is not null)).Select(entry => entry.Key)];
        Entries?.Clear();
        return keys;
    }

    /// <summary>The file.</summary>
    public byte[] ToBytes()
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter writer = new(bytes, Writing))
            _root.WriteTo(writer);
        bytes.Write("\n"u8);
        return bytes.WrittenSpan.ToArray();
    }

    // The entry, under the key that tools look for, at the place of the first that there was.
    private JsonObject Take(RegistryAddress address)
    {
        if (Entries is null)
            _root[Auths] = new JsonObject();
        string[] known = KeysOf(address);
        int place = known.Length == 0 ? Entries!.Count : Entries!.IndexOf(known[0]);
        JsonObject entry = known.Select(key => Entries[key]).OfType<JsonObject>().FirstOrDefault() ?? [];
        foreach (string key in known)
            Entries.Remove(key);
        Entries.Insert(place, address.Key, entry);
        foreach (string secret in Secrets)
            entry.Remove(secret);
        return entry;
    }

    private string[] KeysOf(RegistryAddress address)
    {
        HashSet<string> same = [.. address.Namespace is null ? CredentialKeys.OfHost(address.Host).Select(CredentialKeys.Plain) : [address.Key]];
        return [.. (Entries ?? []).Select(entry => entry.Key).Where(key => same.Contains(CredentialKeys.Plain(key)))];
    }
}
