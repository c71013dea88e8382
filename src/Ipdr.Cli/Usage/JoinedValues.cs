using System.CommandLine;

namespace Ipdr.Cli.Usage;

/// <summary>Values that are written behind their option: <c>--name=value</c>, or <c>--name:value</c>.</summary>
/// <remarks>The parser parts the two, and takes what the option cannot use, or the next word for an empty one, for something else that was meant.</remarks>
internal static class JoinedValues
{
    private static readonly char[] Separators = ['=', ':'];

    /// <summary>What is wrong with them: those that are empty, as a variable is that nobody set, and those of switches that are neither true nor false.</summary>
    /// <param name="arguments">The command line, word by word.</param>
    /// <param name="known">The options of the command.</param>
    public static IEnumerable<string> Wrong(IEnumerable<string> arguments, IReadOnlyCollection<Option> known)
    {
        foreach (string word in arguments.TakeWhile(word => word != "--"))
        {
            int end = word.IndexOfAny(Separators);
            if (end < 0 || known.FirstOrDefault(option => option.Name == word[..end] || option.Aliases.Contains(word[..end])) is not { } option)
                continue;
            string value = word[(end + 1)..];
            if (value.Length == 0)
                yield return $"{word[..end]} is empty";
            else if (option.ValueType == typeof(bool) || option.ValueType == typeof(bool?))
            {
                if (!bool.TryParse(value, out _))
                    yield return $"{word[..end]}: \"{value}\" is neither true nor false";
            }
        }
    }
}
