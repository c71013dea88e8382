using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Ipdr.Oci.Tests.UnixFs;

/// <summary>Writes the files and directories that the vectors describe.</summary>
internal static class VectorTree
{
    private const string KeystreamAlphabet = "abcdefghijklmnopqrstuvwxyz01234567890-_";

    public static void Write(string path, JsonElement recipe, JsonElement? metadata)
    {
        if (recipe.TryGetProperty("dir", out JsonElement entries))
        {
            Directory.CreateDirectory(path);
            foreach (JsonElement entry in entries.EnumerateArray())
                WriteEntries(path, entry, metadata);
        }
        else if (recipe.TryGetProperty("keystreamDir", out JsonElement keystream))
        {
            WriteKeystreamDirectory(path, keystream);
        }
        else if (recipe.TryGetProperty("symlink", out JsonElement target))
        {
            File.CreateSymbolicLink(path, target.GetString()!);
            return;
        }
        else
        {
            WriteFile(path, VectorContent.Of(recipe));
        }
        if (metadata is { } given)
            SetMetadata(path, given);
    }

    private static void WriteEntries(string folder, JsonElement entry, JsonElement? metadata)
    {
        if (!entry.TryGetProperty("each", out JsonElement each))
        {
            Write(Path.Combine(folder, entry.GetProperty("name").GetString()!), entry, metadata);
            return;
        }
        foreach ((string name, int index) in NamesOf(each))
            WriteFile(Path.Combine(folder, name), VectorContent.Of(entry.GetProperty("content"), index));
    }

    private static void WriteKeystreamDirectory(string path, JsonElement recipe)
    {
        Directory.CreateDirectory(path);
        foreach (string name in KeystreamNames(recipe))
            WriteFile(Path.Combine(path, name), VectorContent.Of(recipe.GetProperty("content")));
    }

    /// <summary>The names that a rule makes, each with its number.</summary>
    public static IEnumerable<(string Name, int Index)> NamesOf(JsonElement each)
    {
        int from = each.GetProperty("from").GetInt32(), count = each.GetProperty("count").GetInt32(), pad = each.GetProperty("pad").GetInt32();
        string prefix = each.GetProperty("prefix").GetString()!, suffix = each.GetProperty("suffix").GetString()!;
        return Enumerable.Range(from, count).Select(i => (prefix + i.ToString(CultureInfo.InvariantCulture).PadLeft(pad, '0') + suffix, i));
    }

    /// <summary>The names that a keystream makes.</summary>
    public static IEnumerable<string> KeystreamNames(JsonElement recipe)
    {
        ChaCha20 keystream = new(recipe.GetProperty("seedText").GetString()!);
        int count = recipe.GetProperty("count").GetInt32(), length = recipe.GetProperty("nameLen").GetInt32(), lastLength = recipe.GetProperty("lastNameLen").GetInt32();
        long offset = 0;
        for (int i = 1; i <= count; i++)
        {
            byte[] bytes = new byte[i == count ? lastLength : length];
            keystream.Fill(offset, bytes);
            offset += bytes.Length;
            yield return string.Concat(bytes.Select(b => KeystreamAlphabet[b % KeystreamAlphabet.Length]));
        }
    }

    private static void WriteFile(string path, VectorContent content)
    {
        using FileStream file = File.Create(path);
        using Stream source = content.Open();
        source.CopyTo(file, 1 << 20);
    }

    // Nanoseconds are finer than what .NET can set.
    private static void SetMetadata(string path, JsonElement metadata)
    {
        if (metadata.TryGetProperty("mode", out JsonElement mode) && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)mode.GetInt32());
        if (!metadata.TryGetProperty("mtime", out JsonElement seconds))
            return;
        int nanoseconds = metadata.TryGetProperty("mtimeNsecs", out JsonElement fraction) ? fraction.GetInt32() : 0;
        using Process touch = Process.Start("touch", ["-d", string.Create(CultureInfo.InvariantCulture, $"@{seconds.GetInt64()}.{nanoseconds:d9}"), path]);
        touch.WaitForExit();
        Assert.Equal(0, touch.ExitCode);
    }
}
