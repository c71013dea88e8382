namespace Ipdr.Cli.Completion;

/// <summary>What a shell reads so that it asks the program for suggestions.</summary>
internal static class CompletionScript
{
    /// <summary>The script, as it lies beside this file.</summary>
    public static string For(Shell shell)
    {
        string name = $"ipdr.{shell.ToString().ToLowerInvariant()}";
        using Stream stream = typeof(CompletionScript).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} was not built in");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
