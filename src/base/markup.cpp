#include "base/markup.h"

#include "base/text.h"

namespace nib {

std::string markup_text(std::string_view text) {
  std::string result;
  for (const char letter : printable(text, std::string::npos)) switch (letter) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += letter;
    }
  return result;
}

}  // namespace nib
